/** What a colour says; a text or an icon always says it too. */
export type Tone = 'ok' | 'bad' | 'warn' | 'busy' | 'idle';
