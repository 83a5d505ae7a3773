import type { FactDifference, NodeComparison } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { checkIdentity } from '@muster/protocol/identity';
import type { FleetFlags } from '../options/flags.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { withEngine } from './with-engine.ts';

const valueText = (value: unknown): string =>
  value === undefined ? '-' : cleanLine(typeof value === 'string' ? value : JSON.stringify(value));

/** Facts with their values on both sides, below headings. */
export const differenceTable = (
  facts: readonly FactDifference[],
  [first, second]: readonly [string, string],
): readonly string[] =>
  table(
    ['Fact', first, second],
    facts.map(({ path, before, after }) => [cleanLine(path), valueText(before), valueText(after)]),
  );

const onlyLines = (title: string, { first, second }: NodeComparison['classes'], names: readonly [string, string]) =>
  [first, second].flatMap((list, index) =>
    list.length === 0 ? [] : [`${title} only on ${names[index] ?? ''}: ${list.map(cleanLine).join(', ')}`],
  );

function comparisonText(compared: NodeComparison, names: readonly [string, string]): string {
  const { facts, sameFacts, classes, collectives, agents } = compared;
  const lists = [
    ...onlyLines('Classes', classes, names),
    ...onlyLines('Collectives', collectives, names),
    ...agents.map(({ name, first, second }) => `Agent ${name}: ${first ?? '-'} | ${second ?? '-'}`),
  ];
  return [
    ...(facts.length === 0 ? [] : [...differenceTable(facts, names), '']),
    ...(lists.length === 0 ? [] : [...lists, '']),
    `${facts.length} facts differ, ${sameFacts} are the same`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** `muster inventory NODE --compare NODE`: where two nodes differ, as the inventory knows them. Exit code 0. */
export async function compareNodes(
  first: string,
  second: string,
  flags: FleetFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  for (const identity of [first, second]) {
    const checked = checkIdentity(identity);
    if (!checked.ok) return checked;
  }
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const compared = await engine.nodes.compare(first, second);
    if (!compared.ok) return compared;
    const { facts, sameFacts, classes, collectives, agents } = compared.value;
    surroundings.stdout.write(
      flags.json === true
        ? `${cleanJson({ first, second, facts, same_facts: sameFacts, classes, collectives, agents }, 1)}\n`
        : comparisonText(compared.value, [first, second]),
    );
    return ok(exitCodes.ok);
  });
}
