/** A moment as scripts and people read it: ISO 8601, in UTC. */
export const timeText = (timeMs: number): string => new Date(timeMs).toISOString();
