import { conjunction, parseFilter, printFilter } from '@muster/protocol/filter';

/** The path of a fact as filters write it. */
export const printFactPath = (path: string): string =>
  printFilter({ kind: 'fact', path, operator: '=', value: 'x' }).replace(/\s*=\s*x$/, '');

/** A value as filters write it: bare where it may be, else in quotes. */
export const printTextValue = (value: string): string =>
  printFilter({ kind: 'fact', path: 'x', operator: '=', value }).replace(/^x\s*=\s*/, '');

/** A filter that demands a fact's value besides what it demanded; a text that is no filter is replaced. */
export function withFact(filter: string, path: string, value: string): string {
  const parsed = parseFilter(filter);
  const fact = { kind: 'fact', path, operator: '=', value } as const;
  return printFilter(parsed.ok ? conjunction([parsed.value, fact]) : fact);
}
