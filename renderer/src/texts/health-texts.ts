import { formatAge, formatMoment, formatNumber } from './format.ts';

const counted = (count: number, one: string, many: string): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;

/** A difference of clocks, in the unit that suits it, with its direction. */
const skew = (ms: number): string => {
  const size = Math.abs(ms);
  if (size < 1) return '0 ms';
  const text =
    size < 1000
      ? `${Math.round(size)} ms`
      : size < 120_000
        ? `${(size / 1000).toFixed(1)} s`
        : size < 7_200_000
          ? `${Math.round(size / 60_000)} min`
          : `${formatNumber(Math.round(size / 3_600_000))} h`;
  return `${ms < 0 ? '−' : '+'}${text}`;
};

/** Texts of the page about how fleet and console do. */
export const healthTexts = {
  health: {
    title: 'Health',
    refresh: 'Ask the fleet',
    refreshing: 'Asking…',
    current: 'As of now',
    asOf: (timeMs: number, nowMs: number) => `As of ${formatAge(timeMs, nowMs)}`,
    asOfHint: (timeMs: number) =>
      `The fleet cannot be heard, or was not looked for since. Nodes are judged as of ${formatMoment(timeMs)}.`,
    good: 'Nothing needs a look',
    nodes: 'Nodes',
    nodesBar: 'Nodes that were heard, are silent, have stopped',
    clocks: 'Clocks',
    versions: 'Agent versions',
    certificates: 'Certificates',
    refused: 'Refused in the last 24 hours',
    console: 'This console',
    aspects: {
      heard: 'Heard',
      silent: 'Silent',
      stopped: 'Stopped',
      skewed: 'Off by more than 5 s',
      unmeasured: 'Not measured',
      expiring: 'End within 30 days',
      expired: 'Have ended',
      uncertified: 'Not seen yet',
    },
    hints: {
      heard: 'Their last sign of life still holds.',
      silent: 'Nothing was heard for longer than their last sign of life holds.',
      stopped: 'They said that their agent stops, and nothing since.',
      skewed: 'Requests between clocks that differ by more than 5 s are refused or expire early.',
      unmeasured: 'Nothing that came from them told how their clock goes.',
      expiring: 'Agents renew by themselves when a third of the time is left: these have not yet.',
      expired: 'Nobody believes what they sign any more.',
      uncertified: 'This console has heard nothing signed by them since it looks at certificates.',
    },
    missing: 'Never heard of',
    missingHint: 'Groups name these nodes, and nothing was ever heard of them.',
    furthest: 'Furthest from ours',
    nextEnd: 'The next one ends',
    noVersion: 'Unknown',
    thisVersion: 'As this console',
    moreVersions: (count: number) => `and ${counted(count, 'other version', 'other versions')}`,
    ownCertificate: 'Its certificate ends',
    authority: 'Its authority ends',
    messages: 'Messages not believed',
    answers: 'Nodes that refused an action',
    nothingRefused: 'Nothing was refused',
    openRun: (agent: string, action: string) => `Open the run ${agent} ${action}`,
    byNodes: (count: number) => `by ${counted(count, 'node', 'nodes')}`,
    showAudit: 'Show the audit',
    connection: 'Broker',
    listening: 'Fleet',
    isListening: 'Heard',
    isNotListening: 'Not heard now',
    storage: 'Database',
    audit: 'Audit',
    works: 'Works',
    skew,
    list: {
      heard: 'Nodes that are heard',
      silent: 'Silent nodes',
      stopped: 'Nodes whose agent has stopped',
      skewed: 'Nodes with a clock off by more than 5 s',
      unmeasured: 'Nodes with an unmeasured clock',
      expiring: 'Nodes with a certificate that ends within 30 days',
      expired: 'Nodes with a certificate that has ended',
      uncertified: 'Nodes of which no certificate was seen',
      version: (version: string) => `Nodes with agent version ${version === '' ? 'unknown' : version}`,
      missing: 'Nodes that groups name and nobody has heard of',
    },
    columns: {
      identity: 'Node',
      lastSeen: 'Last heard',
      holds: 'Holds for',
      clock: 'Clock',
      version: 'Agent',
      certificate: 'Certificate ends',
    },
    selectNode: (identity: string) => `Select ${identity}`,
    selectAll: 'Select all nodes',
    runOn: (count: number) => `Run on ${counted(count, 'node', 'nodes')}…`,
    copyNames: 'Copy names',
    closeList: 'Close the list',
    none: 'No such nodes',
    noneMore: 'There were some when the figure was made.',
    saysStops: 'It said that it stops',
    emptyFleet: 'No nodes are known yet',
    emptyFleetMore: 'Nodes appear as soon as their agents are connected.',
    and: (count: number) => `and ${formatNumber(count)} more`,
  },
} as const;
