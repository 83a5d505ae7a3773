import { ok, type Result } from '@muster/protocol/errors';
import {
  dataQueries,
  discoveryNeeds,
  evaluateFilter,
  explainFilter,
  printFilter,
  type FilterExpression,
} from '@muster/protocol/filter';
import type { SelectionFlags } from '../options/flags.ts';
import { parseNodeFile } from '../options/node-file.ts';
import { readFilter } from '../options/selection.ts';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface FilterMatchFlags extends SelectionFlags {
  readonly node: string;
}
export interface FilterExplainFlags extends SelectionFlags {
  readonly json?: true;
}

/** `muster filter match`: whether one node, described in a file, is selected. Exit code 0 yes, 1 no, 2 error. */
export async function matchFilter(flags: FilterMatchFlags, surroundings: Surroundings): Promise<Result<number>> {
  const filter = readFilter(flags);
  if (!filter.ok) return filter;
  const text = flags.node === '-' ? await surroundings.stdin.readAll({}) : await surroundings.readFile(flags.node);
  if (!text.ok) return text;
  const node = parseNodeFile(text.value ?? '');
  if (!node.ok) return node;
  const match = evaluateFilter(filter.value, node.value);
  if (!match.ok) return match;
  surroundings.stdout.write(`${cleanJson({ match: match.value })}\n`);
  return ok(match.value ? exitCodes.ok : exitCodes.noMatch);
}

/** How the nodes of a filter are found, in words. */
function discoveryText(filter: FilterExpression): string {
  const { needsBroadcast, plainIdentities } = discoveryNeeds(filter);
  if (plainIdentities !== null) return 'Discovery: none, since the nodes are named. They are asked directly.';
  const questions = dataQueries(filter).map(
    ({ plugin, argument }) => `${plugin}(${argument === '' ? '' : `'${argument}'`})`,
  );
  return needsBroadcast
    ? `Discovery: the fleet must be asked, since only nodes can tell ${questions.join(', ')}.`
    : 'Discovery: by asking the fleet, or from the inventory.';
}

/** `muster filter explain`: what the flags select, in words and as one expression. Exit code 0, or 2 for a filter that is refused. */
export function explain(flags: FilterExplainFlags, { stdout }: Surroundings): Result<number> {
  const filter = readFilter(flags);
  if (!filter.ok) return filter;
  const text = printFilter(filter.value);
  if (flags.json === true) {
    const { needsBroadcast, plainIdentities } = discoveryNeeds(filter.value);
    const discovery = plainIdentities !== null ? 'none' : needsBroadcast ? 'broadcast' : 'any';
    stdout.write(
      `${cleanJson({ filter: text, explanation: explainFilter(filter.value), discovery, data: dataQueries(filter.value) })}\n`,
    );
  } else {
    stdout.write(
      cleanText(
        `${explainFilter(filter.value)}\n\nFilter: ${text === '' ? '(empty)' : text}\n${discoveryText(filter.value)}\n`,
      ),
    );
  }
  return ok(exitCodes.ok);
}
