import type { ActionDefinition, OutputDefinition } from '../ddl/index.ts';
import type { Report } from './finding.ts';

type Aggregate = ActionDefinition['aggregates'][number];
type Path = readonly (string | number)[];

/** How many values a format of the function gets. */
const formatValues: Readonly<Record<Aggregate['function'], number>> = {
  summary: 2,
  boolean_summary: 2,
  average: 1,
  sum: 1,
  minmax: 3,
  percentiles: 4,
  chart: 0,
};

const isCount = (name: Aggregate['function']): boolean => name === 'summary' || name === 'boolean_summary';

function fits(name: Aggregate['function'], type: OutputDefinition['type']): boolean {
  if (type === 'any' || name === 'summary') return true;
  if (name === 'boolean_summary') return type === 'boolean';
  return type === 'integer' || type === 'float' || type === 'number';
}

function lintLabels({ function: name, labels }: Aggregate, path: Path, report: Report): void {
  if (labels === undefined) return;
  const place = [...path, 'labels'];
  if (!isCount(name)) report('aggregate-labels', place, `${name} has no labels`);
  const odd = Object.keys(labels).find((value) => value !== 'true' && value !== 'false');
  if (name === 'boolean_summary' && odd !== undefined) {
    report('aggregate-labels', [...place, odd], `boolean_summary has labels for true and false alone, not for ${odd}`);
  }
}

function lintFormat({ function: name, format }: Aggregate, path: Path, report: Report): void {
  if (format === undefined) return;
  const place = [...path, 'format'];
  const known = /%(?:[-0]*\d{0,3}(?:\.\d{1,2})?[sdif]|%)/g;
  const odd = /%\S?/.exec(format.replaceAll(known, ''));
  if (odd !== null) report('aggregate-format', place, `${odd[0]} is no directive; there are %s, %d, %i, %f and %%`);
  const wanted = [...format.matchAll(known)].filter(([directive]) => directive !== '%%').length;
  const values = formatValues[name];
  if (wanted > values) report('aggregate-format', place, `${wanted} directives, but ${name} fills in ${values}`);
}

/** What is wrong with the aggregates of an action that fits the schema. */
export function lintAggregates({ aggregates, outputs }: ActionDefinition, path: Path, report: Report): void {
  const seen = new Set<string>();
  aggregates.forEach((aggregate, index) => {
    const place = [...path, 'aggregates', index];
    const { function: name, output } = aggregate;
    const definition = Object.hasOwn(outputs, output) ? outputs[output] : undefined;
    if (definition === undefined) report('unknown-output', [...place, 'output'], `there is no output ${output}`);
    else if (!fits(name, definition.type)) {
      report('aggregate-type', [...place, 'function'], `${name} of ${output}, which is of the type ${definition.type}`);
    }
    lintLabels(aggregate, place, report);
    lintFormat(aggregate, place, report);
    const key = `${name} of ${output}`;
    if (seen.has(key)) report('duplicate-aggregate', place, `${key} stands twice`);
    seen.add(key);
  });
}
