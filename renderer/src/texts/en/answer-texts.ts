import { formatNumber } from '../format.ts';

const nodes = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'node' : 'nodes'}`;

/** Texts of the answers of a run: grouped, summed up, in columns. */
export const answerTexts = {
  answers: {
    view: 'How to show the answers',
    views: { all: 'All answers', groups: 'Grouped', summary: 'Summary' },
  },
  answerFilter: {
    label: 'Filter the answers',
    placeholder: 'All answers. Try failed, or data.exitcode>0',
    clear: 'Clear the filter',
    count: (shown: number, all: number) => `${formatNumber(shown)} of ${formatNumber(all)}`,
    completions: {
      fact: 'part of the answer',
      class: 'state',
      value: (count: number) => `${formatNumber(count)} in sight`,
    },
  },
  resultSelection: {
    label: 'What to do with the selected nodes',
    selectAll: 'Select all that are shown',
    again: 'Run again on them…',
    aim: 'Use as next target…',
    compareOne: 'Compare with most nodes',
    compareTwo: 'Compare the two',
    compareHint: 'Select one answer or two',
  },
  answerPair: {
    title: 'Compare answers',
    open: 'Compare with…',
    base: 'Compared with',
    here: 'Answer of',
    withMost: 'Most nodes',
    withNode: 'Another node',
    most: (count: number) => (count === 0 ? 'Most nodes' : `Most nodes (${formatNumber(count)})`),
    placeholder: 'Name of a node',
    none: 'No node of this run has this name',
    swap: 'Swap the two',
    noBase: 'No node has answered yet.',
    same: 'The two answers are the same.',
  },
  answerGroups: {
    label: 'Groups of identical answers',
    alike: (count: number) => (count === 1 ? 'One node answered' : `All ${formatNumber(count)} nodes answer the same`),
    different: (groups: number, count: number) => `${formatNumber(groups)} different answers from ${nodes(count)}`,
    soFar: (groups: number, answered: number) =>
      answered === 0
        ? 'No node has answered yet'
        : groups === 1
          ? `${nodes(answered)} answered so far, all the same`
          : `${formatNumber(groups)} different answers so far, from ${nodes(answered)}`,
    partly: (groups: number, answered: number, all: number) =>
      answered === 0
        ? `None of ${nodes(all)} answered`
        : groups === 1
          ? `${formatNumber(answered)} of ${nodes(all)} answered, all the same`
          : `${formatNumber(groups)} different answers from ${formatNumber(answered)} of ${nodes(all)}`,
    split: (most: number, rest: number) =>
      `${formatNumber(most)} alike, ${formatNumber(rest)} ${rest === 1 ? 'differs' : 'differ'}`,
    differIn: 'They differ in',
    ignore: 'Ignore fields',
    ignoreCount: (count: number) => `Ignoring ${formatNumber(count)} ${count === 1 ? 'field' : 'fields'}`,
    ignoreTitle: 'Fields that do not matter',
    ignoreMore: 'Answers that differ in nothing else count as identical.',
    ignoreThis: (field: string) => `Ignore ${field}`,
    most: 'Most nodes',
    these: (count: number) => (count === 1 ? 'This node' : `These ${nodes(count)}`),
    field: 'Field',
    nothing: 'nothing',
    share: (percent: number) => (percent < 1 ? 'under 1 %' : `${Math.round(percent)} %`),
    allFields: (count: number) => `Show all ${formatNumber(count)} fields`,
    fewerFields: 'Show only what differs',
    moreDifferences: (count: number) => `and ${formatNumber(count)} more differences`,
    names: (count: number) => `Show all ${formatNumber(count)} names`,
    fewerNames: 'Show fewer names',
    copyNames: 'Copy the names',
    aim: 'Use as next target…',
    more: 'Show more groups',
    shown: (shown: number, total: number) => `${formatNumber(shown)} of ${formatNumber(total)} groups are shown`,
    rest: (count: number) => `${formatNumber(count)} more`,
    noData: 'No data',
  },
  summaries: {
    label: 'Summaries',
    none: 'Nothing to sum up yet',
    noneMore: 'The summaries fill as answers arrive.',
    answers: (count: number) => `${formatNumber(count)} ${count === 1 ? 'answer' : 'answers'}`,
    values: (distinct: number) => `${formatNumber(distinct)} values`,
    value: 'Value',
    nodes: 'Answers',
    share: 'Share',
    others: (count: number) => `${formatNumber(count)} other values`,
    showAll: (count: number) => `Show all ${formatNumber(count)} values`,
    fewer: 'Show fewer',
    functions: {
      summary: 'Values',
      boolean_summary: 'Values',
      average: 'Average',
      sum: 'Sum',
      minmax: 'Range',
      percentiles: 'Percentiles',
      chart: 'Distribution',
    },
    min: 'Smallest',
    max: 'Largest',
    average: 'Average',
    sum: 'Sum',
    percentile: (percent: number) => `${percent} % are at most`,
    from: 'From',
    to: 'to',
    bucket: (from: string, to: string, count: number) => `${from} to ${to}: ${formatNumber(count)}`,
    chart: (title: string) => `Distribution of ${title}`,
    asTable: 'As a table',
    impossible: (reason: string) => `Cannot be computed: ${reason}`,
  },
  resultColumns: {
    button: 'Columns',
    title: 'Outputs as columns',
    search: 'Search outputs',
    clear: 'Clear the search',
    none: 'No output has this name',
    reset: 'Reset',
    count: (shown: number, total: number) => `${formatNumber(shown)} of ${formatNumber(total)}`,
  },
} as const;
