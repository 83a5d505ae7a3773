import type { Finding, RunAggregate, RunSummary } from '@muster/protocol/bridge';
import { summaryLines } from '@muster/protocol/ddl';
import { nodeStateNames, nodeStates } from '@muster/protocol/run';
import type { ReportChart, ReportFigure } from '../report.ts';
import { stateTone } from '../node-states.ts';
import { countText } from '../values.ts';

/** How many values are drawn; the others are summed up. */
const mostBars = 12;

export function stateChart(states: RunSummary['states']): ReportChart {
  const bars = nodeStates.flatMap((state) => {
    const count = states[state] ?? 0;
    return count === 0 ? [] : [{ label: nodeStateNames[state], count, tone: stateTone(state) }];
  });
  return { title: 'States', form: 'share', bars: bars.sort((a, b) => b.count - a.count) };
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

function chartOf(title: string, finding: Finding): ReportChart | null {
  if (finding.kind === 'counts') {
    const bars = finding.counts.slice(0, mostBars).map(({ value, count }) => ({ label: value, count }));
    const values = finding.distinct - bars.length;
    const answers = finding.others + finding.counts.slice(mostBars).reduce((sum, { count }) => sum + count, 0);
    const rest = values > 0 ? { rest: `${countText(values)} other values in ${countText(answers)} answers` } : {};
    return { title, form: 'bars', bars, ...rest };
  }
  if (finding.kind !== 'chart') return null;
  const bars = finding.buckets.map(({ from, to, count }) => ({ label: `${number(from)} to ${number(to)}`, count }));
  return { title, form: 'bars', bars };
}

/** What the aggregates of an action found, drawn where it can be drawn. */
export function drawAggregates(aggregates: readonly RunAggregate[]): {
  readonly charts: readonly ReportChart[];
  readonly figures: readonly ReportFigure[];
} {
  const charts: ReportChart[] = [];
  const figures: ReportFigure[] = [];
  for (const aggregate of aggregates) {
    const chart = chartOf(aggregate.title, aggregate.finding);
    if (chart !== null && chart.bars.length > 0) charts.push(chart);
    const lines = chart === null ? summaryLines(aggregate) : [];
    if (lines.length > 0) figures.push({ title: aggregate.title, lines });
  }
  return { charts, figures };
}
