import { formatDay, formatNumber } from '../format.ts';

const counted = (count: number, one: string, many: string): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;
const countedDays = (count: number): string => counted(count, 'day', 'days');

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
      about: 'What a node would decide under these policies, by what the inventory knows of it. No node is asked.',
      policies: 'Policies',
      question: 'Question',
      open: 'Open files…',
      policy: 'Policy',
      policyOf: (agent: string) => `${agent}.policy`,
      groups: 'groups',
      settings: 'settings.json',
      caller: 'Caller',
      callerExample: 'alice',
      agent: 'Agent',
      action: 'Action',
      inputs: 'Inputs',
      inputsHint: 'one key=value a line',
      node: 'Node',
      noNodes: 'No such node in the inventory',
      noAgents: 'No such agent in the fleet',
      noActions: 'No such action',
      knows: (facts: number, classes: number, agents: number) =>
        `${counted(facts, 'fact', 'facts')}, ${counted(classes, 'class', 'classes')}, ${counted(agents, 'agent', 'agents')}`,
      check: 'Check',
      allowed: 'Allowed',
      denied: 'Denied',
      place: (file: string, line: number, column: number | null) =>
        column === null ? `${file}, line ${line}` : `${file}, line ${line}, column ${column}`,
      showLine: (place: string) => `Show ${place}`,
      noRule: 'By no line of a policy',
      faults: 'These files cannot be used as they are',
      waiting: 'The answer appears here',
      waitingMore: 'Open or paste a policy, say who wants what on which node, and check.',
    },
    day: (timeMs: number) => formatDay(timeMs),
    daysLeft: (count: number) =>
      count < 0 ? `${countedDays(-count)} ago` : count === 0 ? 'today' : `in ${countedDays(count)}`,
  },
} as const;
