import { formatNumber } from './format.ts';

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const counted = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'day' : 'days'}`;

/** Texts of the page about keys, certificates and who may do what. */
export const securityTexts = {
  security: {
    title: 'Security',
    pages: 'Pages of security',
    tabs: { keys: 'Keys', audit: 'Audit' },
    key: 'Key',
    own: 'Certificate of this console',
    ownMore: 'Every request is signed with the key of this certificate.',
    authorities: 'Authorities',
    authoritiesMore: 'Nodes, people and brokers are believed when one of these vouches for them.',
    name: 'Name',
    state: 'State',
    until: 'Until',
    fingerprint: 'Fingerprint (SHA-256)',
    noRole: 'No role',
    copyFingerprint: 'Copy the whole fingerprint',
    validities: { valid: 'Valid', soon: 'Expires soon', expired: 'Expired', early: 'Not yet valid' },
    day: (timeMs: number) => days.format(timeMs),
    daysLeft: (count: number) =>
      count < 0 ? `${counted(-count)} ago` : count === 0 ? 'today' : `in ${counted(count)}`,
  },
} as const;
