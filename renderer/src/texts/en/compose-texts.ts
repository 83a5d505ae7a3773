import { formatNumber } from '../format.ts';

const nodes = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'node' : 'nodes'}`;

/** Texts about what a run is given: versions of its agent, rules of its inputs. */
export const composeTexts = {
  versions: {
    several: (count: number) => `${formatNumber(count)} versions:`,
    onNodes: (version: string, count: number) => `${version} on ${nodes(count)}`,
    follows: (version: string) =>
      `The form is that of ${version}, which most of these nodes have. Inputs that not all versions know are marked.`,
    only: (versions: readonly string[], count: number) => `only ${versions.join(', ')}, ${nodes(count)}`,
    onlyHint: 'Nodes with another version refuse a run with this input',
    lackAgent: (count: number, agent: string) =>
      `${nodes(count)} of the target ${count === 1 ? 'does' : 'do'} not have the agent ${agent}.`,
    lackAction: (count: number, action: string, versions: readonly string[]) =>
      `${nodes(count)} with ${versions.join(', ')} ${count === 1 ? 'does' : 'do'} not have the action ${action}.`,
  },
  inputRules: {
    types: {
      integer: 'Whole number',
      float: 'Number',
      number: 'Number',
      boolean: '',
      list: '',
      array: 'JSON array',
      hash: 'JSON object',
    },
    pattern: (regex: string) => `Matches ${regex}`,
    longest: (length: number) => `at most ${formatNumber(length)} characters`,
    default: (value: string) => `default: ${value}`,
  },
  json: {
    ends: 'Not JSON yet: it ends too early',
    unexpected: (found: string, line: number, column: number) => `Not JSON: ${found} in line ${line}, column ${column}`,
  },
  reveal: { show: 'Show what is typed', hide: 'Hide what is typed' },
  confirmCount: (count: number) => `Type ${formatNumber(count)}, the number of nodes, to go on`,
} as const;
