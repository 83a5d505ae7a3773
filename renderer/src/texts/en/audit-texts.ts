import { formatNumber } from '../format.ts';

const records = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'record' : 'records'}`;

/** Texts of the page about what was done with this console. */
export const auditTexts = {
  audit: {
    grid: 'What was done with this console',
    verdicts: 'What verification found',
    when: 'When',
    kind: 'Kind',
    what: 'What',
    place: 'Line',
    search: 'Find a text in the audit',
    clearSearch: 'Clear the search',
    verify: 'Verify',
    verifying: 'Verifying…',
    intact: 'Intact',
    damaged: 'Damaged',
    damagedHere: 'Verification found damage here: this line, or the one before, was changed',
    signed: (count: number, signed: number) => `${records(count)}, ${formatNumber(signed)} signed`,
    by: (writer: string | null) => (writer === null ? 'by nobody who is believed' : `by ${writer}`),
    more: (count: number) => `and ${formatNumber(count)} more`,
    total: (total: number, shown: number) =>
      total === shown ? records(total) : `${records(total)}, the newest ${formatNumber(shown)} listed`,
    empty: 'Nothing is written yet',
    emptyMore: 'Requests, cancellations, exports and answers that were not believed are written down here and signed.',
    noMatch: 'No record has this text',
    noMatchMore: 'Requests are found by node, agent, action, person and number.',
  },
} as const;
