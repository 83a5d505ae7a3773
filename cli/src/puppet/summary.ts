import type { ResultRow } from '@muster/protocol/bridge';
import { sparkline } from '@muster/protocol/ddl';
import type { Palette } from '../output/palette.ts';

type Summary = Pick<ResultRow, 'identity' | 'statusCode' | 'data'>;

const bucketCount = 20;

/** The figures, with what each is called and where it comes from. */
const figures = [
  ['total_resources', 'Total resources'],
  ['out_of_sync_resources', 'Out Of Sync resources'],
  ['failed_resources', 'Failed resources'],
  ['changed_resources', 'Changed resources'],
  ['corrected_resources', 'Corrected resources'],
  ['config_retrieval_time', 'Config Retrieval time (seconds)'],
  ['total_time', 'Total run-time (seconds)'],
  ['since_lastrun', 'Time since last run (seconds)'],
] as const;

interface Figure {
  readonly name: string;
  readonly title: string;
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  /** How many nodes are in each twentieth between the smallest and the largest value. */
  readonly buckets: readonly number[];
}

/** The last runs of the nodes that told. */
export interface PuppetSummary {
  readonly nodes: number;
  readonly figures: readonly Figure[];
  /** Nodes with resources that failed, the most first. */
  readonly failing: readonly { readonly identity: string; readonly failed: number }[];
}

function distribution(values: readonly number[], min: number, max: number): readonly number[] {
  const buckets = Array.from({ length: bucketCount }, () => 0);
  for (const value of values) {
    const at = max === min ? 0 : Math.min(bucketCount - 1, Math.floor(((value - min) / (max - min)) * bucketCount));
    buckets[at] = (buckets[at] ?? 0) + 1;
  }
  return buckets;
}

/** Figures over the answers of `puppet last_run_summary`; -1, which stands for unknown, does not count. */
export function summarisePuppet(answers: readonly Summary[], nowSeconds: number): PuppetSummary {
  const good = answers.filter(({ statusCode }) => statusCode === 0);
  const valueOf = ({ data }: Summary, name: string): number | null => {
    const value = name === 'since_lastrun' ? data['lastrun'] : data[name];
    if (typeof value !== 'number' || value < 0) return null;
    if (name !== 'since_lastrun') return value;
    return value === 0 ? null : Math.max(0, nowSeconds - value);
  };
  const known = figures.flatMap(([name, title]): Figure[] => {
    const values = good.flatMap((answer) => valueOf(answer, name) ?? []);
    if (values.length === 0) return [];
    const min = values.reduce((least, value) => Math.min(least, value));
    const max = values.reduce((most, value) => Math.max(most, value));
    const avg = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [{ name, title, min, avg, max, buckets: distribution(values, min, max) }];
  });
  const failing = good.flatMap((answer) => {
    const failed = valueOf(answer, 'failed_resources') ?? 0;
    return failed > 0 ? [{ identity: answer.identity, failed }] : [];
  });
  return { nodes: good.length, figures: known, failing: failing.sort((a, b) => b.failed - a.failed) };
}

/** A number with one decimal, in thousands (k) or millions (m) where it is large. */
export function shortNumber(value: number): string {
  if (value >= 999_950) return `${(value / 1_000_000).toFixed(1)}m`;
  return value >= 1000 ? `${(value / 1000).toFixed(1)}k` : value.toFixed(1);
}

export function summaryText({ nodes, figures: known, failing }: PuppetSummary, palette: Palette): string {
  const lines = known.map(({ title, min, avg, max, buckets }) => {
    const numbers = `min: ${shortNumber(min).padEnd(6)} avg: ${shortNumber(avg).padEnd(6)} max: ${shortNumber(max)}`;
    return `${title.padStart(33)}: ${sparkline(buckets)}  ${numbers}\n`;
  });
  const failures = failing.map(({ identity, failed }) => `   ${palette.red(`${identity}: ${failed}`)}\n`);
  return [
    `Summary statistics for ${nodes} nodes:\n\n`,
    ...lines,
    '\n',
    ...(failures.length === 0 ? [] : ['Nodes with failed resources:\n\n', ...failures, '\n']),
  ].join('');
}

export const summaryJson = ({ nodes, figures: known, failing }: PuppetSummary) => ({
  nodes,
  statistics: Object.fromEntries(known.map(({ name, min, avg, max, buckets }) => [name, { min, avg, max, buckets }])),
  failing: failing.map(({ identity, failed }) => ({ sender: identity, failed_resources: failed })),
});
