import { cleanJson, cleanLine } from './clean-text.ts';
import { table } from './columns.ts';
import { faultJson, statisticsJson, type ReportedFault } from './run-json.ts';
import type { RunOutcome } from './run-report.ts';

/** One value of a fact and the nodes that have it. */
interface FactValue {
  readonly value: unknown;
  readonly nodes: string[];
}

/** The values of one fact over the nodes that answered. */
export interface FactReport {
  readonly fact: string;
  /** Sorted by value: numbers by size, else by text. */
  readonly values: readonly FactValue[];
  /** Nodes that answered and lack the fact. */
  readonly missing: readonly string[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return textOf(a).localeCompare(textOf(b), 'en', { numeric: true });
}

export function factReport(
  fact: string,
  answers: readonly { readonly identity: string; readonly value: unknown }[],
): FactReport {
  const byText = new Map<string, FactValue>();
  const missing: string[] = [];
  for (const { identity, value } of answers) {
    if (value === null || value === undefined) {
      missing.push(identity);
      continue;
    }
    const key = JSON.stringify(value);
    const known = byText.get(key) ?? { value, nodes: [] };
    known.nodes.push(identity);
    byText.set(key, known);
  }
  const values = [...byText.values()].sort((a, b) => compareValues(a.value, b.value));
  return { fact, values: values.map(({ value, nodes }) => ({ value, nodes: nodes.sort() })), missing: missing.sort() };
}

/** `Report for fact: X`, a line for each value with its count, and with `names` the nodes below it. */
export function factText({ fact, values }: FactReport, names: boolean): string {
  const head = `Report for fact: ${cleanLine(fact)}\n\n`;
  if (values.length === 0) return `${head}        No values found for fact ${cleanLine(fact)}\n\n`;
  const lines = values.flatMap(({ value, nodes }) => [
    `        ${cleanLine(textOf(value)).padEnd(40)}found ${nodes.length} times`,
    ...(names ? [...nodes.map((node) => `            ${node}`), ''] : []),
  ]);
  return `${head}${lines.join('\n')}\n\n`;
}

export function factTable({ fact, values }: FactReport, names: boolean): string {
  const rows = values.map(({ value, nodes }) => [
    cleanLine(textOf(value)),
    String(nodes.length),
    ...(names ? [nodes.join(', ')] : []),
  ]);
  return `${table([cleanLine(fact), 'Count', ...(names ? ['Nodes'] : [])], rows, ['Count']).join('\n')}\n\n`;
}

export function factJson(
  { fact, values, missing }: FactReport,
  outcome: RunOutcome,
  fault: ReportedFault | null,
): string {
  const counted = values.map(({ value, nodes }) => ({ value, count: nodes.length, nodes }));
  return `${cleanJson({
    fact,
    values: counted,
    missing,
    request_stats: statisticsJson(outcome),
    ...(fault === null ? {} : { error: faultJson(fault) }),
  })}\n`;
}
