/** Under which the launcher tells its worker which scenes to take. */
const variable = 'MUSTER_SHOTS';

/** Has the workers that are started from now on take these scenes; all, if none is named. */
export function wantNames(names: readonly string[]): void {
  process.env[variable] = names.join(' ');
}

/** What the launcher wants taken. */
export const wantedNames = (): string[] => (process.env[variable] ?? '').split(' ').filter((name) => name !== '');
