import type { EndpointResult } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { expandIdentityRange } from '@muster/protocol/filter';
import { checkIdentity } from '@muster/protocol/identity';

/** The most names that one text, or one range in it, may stand for. */
export const mostNames = 100_000;

/** How many pieces that make no sense are told of; the first of them say what is wrong with the text. */
const mostMalformed = 100;

/** A name or a range; inside brackets commas belong to it. Quotes, commas, semicolons and blanks part them. */
const piece = /(?:\[[^\][\s"'`]*\]|[^\s,;"'`])+/g;

/** What is left of a list in JSON. */
const bracketsOnly = /^[[\]]+$/;

function namesOf(text: string): Result<readonly string[]> {
  if (!/[*?[\]]/.test(text)) {
    const name = checkIdentity(text);
    return name.ok ? ok([name.value]) : name;
  }
  const names = expandIdentityRange(text, mostNames);
  if (!names.ok) return names;
  const broken = names.value.map(checkIdentity).find((name) => !name.ok);
  return broken ?? names;
}

/**
 * Reads names of nodes out of a text and tells those of the inventory from others: lines, commas, blanks, quotes, ranges.
 * What makes no sense, or is more than {@link mostNames} names, is told of and left out.
 */
export async function resolveText(
  text: string,
  knownOf: (identities: readonly string[]) => Promise<Result<readonly string[]>>,
): Promise<Result<EndpointResult<'fleet.resolve'>>> {
  const names = new Set<string>();
  const malformed: { text: string; message: string }[] = [];
  for (const [found] of text.matchAll(piece)) {
    if (bracketsOnly.test(found)) continue;
    const read = namesOf(found);
    if (!read.ok) malformed.push({ text: found.slice(0, 300), message: read.error.message });
    else if (names.size + read.value.length <= mostNames) for (const name of read.value) names.add(name);
    else malformed.push({ text: found.slice(0, 300), message: `The text stands for more than ${mostNames} names` });
  }
  const known = await knownOf([...names]);
  if (!known.ok) return known;
  const isKnown = new Set(known.value);
  return ok({
    known: [...known.value],
    unknown: [...names].filter((name) => !isKnown.has(name)),
    malformed: malformed.slice(0, mostMalformed),
  });
}
