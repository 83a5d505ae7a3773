import { formatNumber } from './format.ts';

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const counted = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'day' : 'days'}`;

/** Texts of the page about keys, certificates and who may do what. */
export const securityTexts = {
  security: {
    title: 'Security',
    pages: 'Pages of security',
    tabs: { keys: 'Keys', joins: 'Join requests', policies: 'Policies', audit: 'Audit' },
    joins: {
      title: 'Who asks to join',
      more: 'Each shows the fingerprint of a key that was made there. Approve only when it is the same as the one that you see there.',
      none: 'Nobody waits for approval',
      noneMore: 'Those who were invited and need approval appear here: muster ca invite.',
      refresh: 'Look again',
      who: 'Name',
      key: 'Key (SHA-256)',
      age: 'Asked',
      replaces: 'Has a certificate that holds',
      approve: 'Approve',
      reject: 'Reject',
      cancel: 'Cancel',
      approveTitle: (name: string) => `Let ${name} join?`,
      rejectTitle: (name: string) => `Reject ${name}?`,
      compare: 'This key must be the one that is shown there:',
      replaceMore: (name: string) =>
        `${name} has a certificate that still holds. It is taken back: whoever uses it now loses the fleet. Go on only when the machine was set up anew.`,
      replaceConfirm: 'Approve, and take the old one back',
      rejectMore: 'Whoever holds the invitation may ask again with another key.',
      done: (name: string, isApproved: boolean) => (isApproved ? `${name} was approved` : `${name} was rejected`),
    },
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
    tester: {
      about: 'What a node of the inventory would decide. No node is asked.',
      files: 'Open files',
      policy: 'Policy of the agent',
      groups: 'Groups',
      settings: 'settings.json',
      caller: 'Caller',
      agent: 'Agent',
      action: 'Action',
      inputs: 'Inputs, one key=value a line',
      node: 'Node',
      check: 'Check',
      allowed: 'Allowed',
      denied: 'Denied',
      rule: (file: string, line: number) => `${file}, line ${line}`,
      noRule: 'By no line of a policy',
    },
    day: (timeMs: number) => days.format(timeMs),
    daysLeft: (count: number) =>
      count < 0 ? `${counted(-count)} ago` : count === 0 ? 'today' : `in ${counted(count)}`,
  },
} as const;
