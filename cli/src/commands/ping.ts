import type { Engine, ResolvedTarget } from '@muster/client/engine';
import { sparkline } from '@muster/protocol/ddl';
import { ok, type Result } from '@muster/protocol/errors';
import { conjunction, printFilter, type FilterExpression } from '@muster/protocol/filter';
import type { FleetFlags, NamedFlags, SelectionFlags } from '../options/flags.ts';
import { namedTarget } from '../options/named-target.ts';
import { readFilter } from '../options/selection.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { checkCollective, withEngine } from './with-engine.ts';

export interface PingFlags extends SelectionFlags, NamedFlags, FleetFlags {
  readonly graph?: true;
}

interface Pong {
  readonly identity: string;
  readonly elapsedMs: number;
}

const bucketMs = 50;

/** Every node has this agent, so the condition changes nothing but that even named nodes are really asked. */
const answersPings: FilterExpression = { kind: 'agent', matcher: { kind: 'exact', text: 'discovery' } };

/** The nodes of the flags, which all have to answer, the named ones too. */
async function whomToPing(
  engine: Engine,
  flags: NamedFlags,
  filter: FilterExpression,
): Promise<Result<ResolvedTarget>> {
  const named = namedTarget(flags, filter);
  if (!named.ok) return named;
  const target = await engine.targets.resolve(named.value ?? { kind: 'filter', filter: printFilter(filter) });
  if (!target.ok) return target;
  return ok({ ...target.value, within: conjunction([target.value.within, answersPings]) });
}

/** How many answers came in each span of 50 ms, as bars. */
function pingGraph(times: readonly number[]): string {
  const buckets: number[] = [];
  for (const time of times) {
    const index = Math.floor(time / bucketMs);
    buckets[index] = (buckets[index] ?? 0) + 1;
  }
  return sparkline(Array.from(buckets, (count: number | undefined) => count ?? 0));
}

/** The block below the answers. */
function pingStatistics(times: readonly number[], graph: boolean): string {
  const head = '\n---- ping statistics ----\n';
  if (times.length === 0) return `${head}No responses received\n`;
  const average = times.reduce((sum, time) => sum + time, 0) / times.length;
  const figures = [Math.max(...times), Math.min(...times), average].map((time) => time.toFixed(2));
  const line = `${times.length} replies max: ${figures[0] ?? ''} min: ${figures[1] ?? ''} avg: ${figures[2] ?? ''}\n`;
  return graph ? `${head}${pingGraph(times)}\n${line}` : head + line;
}

function pingJson(pongs: readonly Pong[]): string {
  const times = pongs.map(({ elapsedMs }) => elapsedMs / 1000);
  const average = times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0) / times.length;
  const extremes = times.length === 0 ? { max: null, min: null } : { max: Math.max(...times), min: Math.min(...times) };
  return cleanJson({
    replies: pongs.map(({ identity, elapsedMs }) => ({ sender: identity, time: elapsedMs / 1000 })),
    statistics: { replies: pongs.length, ...extremes, avg: average },
  });
}

/** `muster ping`: who is there, and how long each takes to say so. Exit code 0 when anybody answers, else 1. */
export async function ping(flags: PingFlags, surroundings: Surroundings): Promise<Result<number>> {
  const filter = readFilter(flags);
  if (!filter.ok) return filter;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const { stdout, stderr, now, interrupted } = surroundings;
    const target = await whomToPing(engine, flags, filter.value);
    if (!target.ok) return target;
    const collective = checkCollective(engine, flags.target ?? target.value.collective);
    if (!collective.ok) return collective;
    const timeoutMs = flags.timeout ?? flags.discoveryTimeout;
    const pongs: Pong[] = [];
    const startedAtMs = now();
    const discovered = await engine.targets.find(target.value, {
      collective: collective.value,
      choice: { method: 'broadcast', options: {} },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      signal: interrupted,
      onNode: (identity) => {
        const elapsedMs = now() - startedAtMs;
        pongs.push({ identity, elapsedMs });
        if (flags.json !== true) stdout.write(`${identity.padEnd(40)} time=${elapsedMs.toFixed(2)} ms\n`);
      },
    });
    if (!discovered.ok) return discovered;
    if (flags.json === true) stdout.write(`${pingJson(pongs)}\n`);
    else
      stdout.write(
        pingStatistics(
          pongs.map(({ elapsedMs }) => elapsedMs),
          flags.graph === true,
        ),
      );
    if (interrupted.aborted) {
      stderr.write('muster: Interrupted: nodes that had not answered by now are not in the list.\n');
      return ok(exitCodes.interrupted);
    }
    return ok(pongs.length > 0 ? exitCodes.ok : exitCodes.noMatch);
  });
}
