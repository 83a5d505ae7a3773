import type { formatWords as english } from '../en/format-words.ts';
import type { Localized } from '../localized.ts';

/** Words within numbers, times and durations. */
export const formatWords: Localized<typeof english> = {
  now: 'jetzt',
  ago: (text) => `vor ${text}`,
  days: (count) => (count === 1 ? '1 Tag' : `${count} Tage`),
  daysAgo: (count) => (count === 1 ? 'vor 1 Tag' : `vor ${count} Tagen`),
};
