import type { Recipe, Target } from '@muster/protocol/bridge';
import { cleanLine } from './clean-text.ts';
import { table } from './columns.ts';
import { timeText } from './time-text.ts';

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

/** The recipe as scripts see it. */
export const recipeJson = ({ createdAtMs, updatedAtMs, ...recipe }: Recipe) => ({
  ...recipe,
  created_utc: timeText(createdAtMs),
  updated_utc: timeText(updatedAtMs),
});

function targetText(target: Target): string {
  if (target.kind === 'nodes') return target.identities.length === 1 ? '1 node' : `${target.identities.length} nodes`;
  if (target.kind === 'filter') return target.filter === '' ? 'every node' : target.filter;
  const within = target.filter === undefined || target.filter === '' ? '' : ` and ${target.filter}`;
  return `${target.kind} ${target.name}${within}`;
}

/** The value of an input as it is typed. */
export const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The recipe as a person sees it: what it runs, where, and what it asks for. */
export function recipeText({
  name,
  description,
  tags,
  agent,
  action,
  inputs,
  prompts,
  target,
  options,
}: Recipe): string {
  const asked = prompts.map(
    ({ input, label, default: value }) =>
      `      ${input}${label === '' ? '' : `: ${label}`}${value === undefined ? '' : ` (${valueText(value)})`}`,
  );
  return lines(
    [
      `Recipe ${name}`,
      ...(description === '' ? [] : [`   ${description}`]),
      ...(tags.length === 0 ? [] : [`   Tags: ${tags.join(', ')}`]),
      `   Runs: ${agent} ${action}`,
      `   On: ${targetText(target)}`,
      ...Object.entries(inputs).map(([input, value]) => `   ${input} = ${valueText(value)}`),
      ...(Object.keys(options).length === 0 ? [] : [`   Options: ${JSON.stringify(options)}`]),
      ...(asked.length === 0 ? [] : ['   Asks for:', ...asked]),
    ].map(cleanLine),
  );
}

/** The recipes of a list, with their heads. */
export const recipeTable = (recipes: readonly Recipe[]): string =>
  lines(
    table(
      ['Recipe', 'Tags', 'Runs', 'Asks for'],
      recipes.map(({ name, tags, agent, action, prompts }) =>
        [name, tags.join(', '), `${agent} ${action}`, prompts.map(({ input }) => input).join(', ')].map(cleanLine),
      ),
    ),
  );
