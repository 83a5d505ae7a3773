import type { ActionDefinition } from '../schema.ts';
import type { ForeignAggregate } from './foreign-ddl.ts';
import type { Warn } from './warnings.ts';

type Aggregate = ActionDefinition['aggregates'][number];

/** Functions of MCollective, Choria and their plugins, in ours. */
const functions: Readonly<Record<string, Pick<Aggregate, 'function' | 'labels' | 'format'>>> = {
  summary: { function: 'summary' },
  boolean_summary: { function: 'boolean_summary' },
  average: { function: 'average' },
  sum: { function: 'sum' },
  chart: { function: 'chart' },
  nettest_mma: { function: 'minmax', format: 'Min: %.3fms  Max: %.3fms  Average: %.3fms' },
  nagios_states: { function: 'summary', labels: { 0: 'OK', 1: 'WARNING', 2: 'CRITICAL', 3: 'UNKNOWN' } },
};

const isHash = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const formatOf = (options: unknown): string | undefined =>
  isHash(options) && typeof options['format'] === 'string' ? options['format'].slice(0, 200) : undefined;

/** The labels that `boolean_summary` gets as its second argument; undefined where it has none. */
function labelsOf(options: unknown): Aggregate['labels'] {
  if (!isHash(options)) return undefined;
  const labels = Object.entries(options).flatMap(([value, label]) =>
    value !== 'format' && typeof label === 'string' ? [[value, label.slice(0, 120)] as const] : [],
  );
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}

/** An aggregate of ours, or undefined after a warning: unknown functions and outputs that the action lacks are left out. */
export function convertAggregate(
  [call, options]: ForeignAggregate,
  outputs: ReadonlySet<string>,
  about: string,
  warn: Warn,
): Aggregate | undefined {
  const [name, output, argument] = call;
  const label = typeof name === 'string' ? name : JSON.stringify(name ?? null);
  const known = typeof name === 'string' && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known === undefined) {
    warn(about, `the aggregate ${label} is not known here, left out`);
    return undefined;
  }
  if (typeof output !== 'string' || !outputs.has(output)) {
    warn(about, `the aggregate ${label} is of an output that the action does not have, left out`);
    return undefined;
  }
  const format = formatOf(options) ?? formatOf(argument) ?? known.format;
  const labels = name === 'boolean_summary' ? labelsOf(argument) : known.labels;
  return {
    function: known.function,
    output,
    ...(format === undefined ? {} : { format }),
    ...(labels === undefined ? {} : { labels }),
  };
}
