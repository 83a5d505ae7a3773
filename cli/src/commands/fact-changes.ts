import { ok, type Result } from '@muster/protocol/errors';
import { checkIdentity } from '@muster/protocol/identity';
import type { FleetFlags } from '../options/flags.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { differenceTable } from './compare-nodes.ts';
import { withEngine } from './with-engine.ts';

export interface FactChangesFlags extends FleetFlags {
  /** Milliseconds since the epoch. */
  readonly since?: number;
}

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const valueText = (value: unknown): string =>
  value === undefined ? '-' : cleanLine(typeof value === 'string' ? value : JSON.stringify(value));

/** `muster inventory NODE --changes`: what became of its facts; with `--since`, what is not as it was then. Exit code 0. */
export async function factChanges(
  identity: string,
  flags: FactChangesFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const checked = checkIdentity(identity);
  if (!checked.ok) return checked;
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const known = await engine.inventory.node(identity);
    if (!known.ok) return known;
    const found = await engine.nodes.factChanges(identity);
    if (!found.ok) return found;
    const { completeSinceMs } = found.value;
    const since = completeSinceMs === null ? null : timeText(completeSinceMs);
    const foot = since === null ? 'Nothing was read of the node yet.' : `Every change since ${since} is kept.`;
    const { stdout, now } = surroundings;
    if (flags.since !== undefined) {
      const differing = await engine.nodes.factDifference(identity, flags.since, now());
      if (!differing.ok) return differing;
      const facts = differing.value;
      const lines = facts.length === 0 ? ['No fact differs.'] : differenceTable(facts, [timeText(flags.since), 'now']);
      stdout.write(
        flags.json === true
          ? `${cleanJson({ identity, since_utc: timeText(flags.since), complete_since_utc: since, facts }, 1)}\n`
          : `${[...lines, '', foot].join('\n')}\n`,
      );
      return ok(exitCodes.ok);
    }
    const rows = found.value.changes.map(({ atMs, path, before, after }) => [
      timeText(atMs),
      cleanLine(path),
      valueText(before),
      valueText(after),
    ]);
    const changes = found.value.changes.map(({ atMs, ...change }) => ({ at_utc: timeText(atMs), ...change }));
    const lines = rows.length === 0 ? ['No fact has changed.'] : table(['Read', 'Fact', 'Before', 'After'], rows);
    stdout.write(
      flags.json === true
        ? `${cleanJson({ identity, complete_since_utc: since, changes }, 1)}\n`
        : `${[...lines, '', foot].join('\n')}\n`,
    );
    return ok(exitCodes.ok);
  });
}
