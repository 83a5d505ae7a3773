import type { Engine } from '@muster/client/engine';
import { ok, type Result } from '@muster/protocol/errors';
import type { NodeFlags } from '../options/flags.ts';
import { chooseNodes, type NodeChoice } from '../options/node-choice.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { announceJson } from './announce-json.ts';
import { findTargets } from './find-targets.ts';
import { checkCollective, withEngine } from './with-engine.ts';

/** A share, and a draw, can only be taken when all have answered. */
const listsAsTheyAnswer = ({ limit, limitMethod, limitSeed }: NodeFlags): boolean =>
  limit?.unit !== 'percent' && limitMethod !== 'random' && limitSeed === undefined;

/** Only asking the fleet takes a broker. What a preset or a group says of it is known later. */
function modeFor(engine: Engine, choice: NodeChoice): 'online' | 'offline' {
  if (choice.kind === 'nodes') return 'offline';
  const method = choice.discovery?.method ?? engine.discovery.choice.method;
  return choice.kind === 'filter' && method !== 'broadcast' ? 'offline' : 'online';
}

/** `muster find`: names of the nodes that match, one a line as they answer. Exit code 0 when there is one, else 1. */
export async function find(flags: NodeFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout } = surroundings;
  announceJson(flags, stdout);
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(
    surroundings,
    flags,
    (engine) => modeFor(engine, choice.value),
    async (engine) => {
      const collective = checkCollective(engine, flags.target);
      if (!collective.ok) return collective;
      const printed = new Set<string>();
      const print = (identity: string) => {
        if (!printed.has(identity)) stdout.write(`${identity}\n`);
        printed.add(identity);
      };
      const streams = flags.json !== true && flags.sort !== true && listsAsTheyAnswer(flags);
      const targets = await findTargets(engine, choice.value, {
        collective: collective.value,
        flags,
        surroundings,
        ...(streams ? { onNode: print } : {}),
      });
      if (!targets.ok) return targets;
      const { identities } = targets.value;
      const ordered = flags.sort === true ? identities.toSorted() : identities;
      if (flags.json === true) stdout.write(`${cleanJson(ordered, 1)}\n`);
      else ordered.forEach(print);
      return ok(identities.length > 0 ? exitCodes.ok : exitCodes.noMatch);
    },
  );
}
