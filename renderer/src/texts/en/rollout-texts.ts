import { formatNumber } from '../format.ts';

const nodes = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'node' : 'nodes'}`;

/** Texts of how a run goes over the fleet: while it is put together, and as it goes on. */
export const rolloutTexts = {
  rollout: {
    title: 'Roll-out',
    canary: 'Canary first',
    canarySize: 'Canaries',
    canarySizeHint: 'nodes or %',
    canaryHint: 'A few nodes go first. All others follow only if every one of them is OK.',
    holds: 'Then wait for my word',
    pace: 'Pace',
    paceRest: 'Pace of the others',
    paces: { all: 'All at once', batches: 'Batches', window: 'Window' },
    batchSize: 'Nodes in a batch',
    batchSleep: 'Pause between',
    windowSize: 'At work at once, at most',
    sizeHint: 'nodes or %',
    mayFail: 'May fail',
    mayFailHint: 'nodes or %; one more stops the run',
    mayFailAny: 'any number',
    lock: 'One at a time',
    lockHint: 'Waits while another such run of this action goes on in the collective.',
    away: 'Nodes that are away get it',
    aways: { soon: 'For 60 s', while: 'For longer', until: 'Until' },
    awayFor: 'How long',
    awayForHint: 'such as 45 min, 2 h or 3 d',
    awayUntil: 'Day and time',
    limits: 'Time limits',
    delivery: 'Delivery',
    deliveryHint: 'until a node must have the request',
    deliveryUsual: '15 s (default)',
    execution: 'Execution',
    executionHint: 'then the node ends it',
    executionOf: (duration: string) => `${duration} (by its agent)`,
    answers: 'Answers',
    answersHint: 'waited for in all',
    faults: {
      amount: 'A number of nodes from 1, or a share such as 5 %',
      tolerance: 'A number of nodes, or a share such as 5 %',
      sleep: 'A time such as 30 s or 5 min, at most a day',
      awayFor: 'A time such as 45 min, 2 h or 3 d, at most 30 d',
      awayUntil: 'A day and a time',
      past: 'This time has passed',
      far: 'At most 30 days ahead',
      delivery: 'A time such as 15 s or 2 min, at most a day',
    },
    /* Pieces of the sentence that says how a run goes. */
    atOnce: 'All nodes at once',
    canaries: (size: string, isOne: boolean) => `${size} ${isOne ? 'canary' : 'canaries'} first`,
    canaryShare: (share: string, count: number | null) =>
      count === null
        ? `${share} first as canaries`
        : `${share} (${nodes(count)}) first as ${count === 1 ? 'canary' : 'canaries'}`,
    thenWord: 'then your word',
    thenAll: 'then all others at once',
    share: (share: string, count: number | null) => (count === null ? share : `${share} (${formatNumber(count)})`),
    batches: (size: string, pause: string | null) =>
      pause === null ? `${size} at a time` : `${size} at a time with ${pause} between`,
    window: (size: string) => `at most ${size} at work at once`,
    then: (what: string) => `then ${what}`,
    stopsAtFirst: 'stops at the first failure',
    stopsAfter: (size: string) => `stops when more than ${size} fail`,
    locked: 'one such run at a time',
    awayUntilWhen: (when: string) => `nodes that are away get it until ${when}`,
    awaySoon: (duration: string) => `nodes that are away get it for ${duration}`,
    deadline: (when: string, duration: string) => `Until ${when}, in ${duration}`,
  },
} as const;
