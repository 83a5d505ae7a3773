/** Words within numbers, times and durations. Units such as s, min and h are the same everywhere. */
export const formatWords = {
  now: 'now',
  ago: (text: string) => `${text} ago`,
  days: (count: number) => `${count} d`,
  daysAgo: (count: number) => `${count} d ago`,
} as const;
