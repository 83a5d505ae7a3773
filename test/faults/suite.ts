import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@muster/build/fleet';
import { nodeQueue, nodeQueueName, exchangeName } from '@muster/protocol/topology';
import { defaultCollective } from '@muster/protocol/identity';
import { openChannel } from '../support/amqp.ts';
import { createClaims, faultKinds, type FaultKind, type Scene } from './kinds/index.ts';
import { startLoad, type Load } from './load/load.ts';
import { counted, statesOf, violationsOf, type Injected, type Report } from './report.ts';
import { plan } from './schedule.ts';
import { runsOf, toldBy } from './verdict/console-history.ts';
import { judge, type Told } from './verdict/judge.ts';
import { withinLimit } from './time-limit.ts';
import { keepEvidence } from './verdict/keep-evidence.ts';
import { readLedgers } from './verdict/ledgers.ts';
import { mendAll, settle } from './verdict/settle.ts';
import type { Console } from './world/console.ts';
import { allFound } from './world/all-found.ts';
import { createWorld, type World } from './world/world.ts';

export interface SuiteOptions {
  readonly seed: number;
  readonly brokers: 1 | 3;
  readonly processes: number;
  readonly emulated: number;
  /** How long faults are injected. */
  readonly durationMs: number;
  /** How many at least; every kind as often as every other. */
  readonly faults: number;
  /** Only kinds with this text in their names. */
  readonly only: string;
  readonly longestTtlMs: number;
  readonly intervalMs: number;
  /** How long runs may take to settle when everything is mended. */
  readonly settleMs: number;
  /** How to run the same again. */
  readonly command: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const ghost = 'ghost.example.com';
/** How long a fault may take with all that it waits for, and the last command lines when all is mended. */
const faultLimitMs = 300_000;
const commandLimitMs = 300_000;

/** A node that once was: it has a queue, and nobody reads it. */
async function layGhost({ broker }: World): Promise<void> {
  const connection = await broker.connectAs('node');
  const channel = await openChannel(connection);
  await channel.assertQueue(nodeQueueName(ghost), nodeQueue(broker.isCluster ? 'quorum' : 'classic'));
  await channel.bindQueue(nodeQueueName(ghost), exchangeName(defaultCollective, 'directed'), ghost);
  await connection.close();
}

function notEmpty<T>(items: readonly T[], what: string): readonly [T, ...T[]] {
  const [first, ...others] = items;
  if (first === undefined) throw new Error(`There are no ${what}`);
  return [first, ...others];
}

async function injectAll(scene: Scene, options: SuiteOptions): Promise<readonly Injected[]> {
  const kinds = faultKinds.filter((kind) => kind.name.includes(options.only) && isPossible(kind, scene.world));
  const startedAt = performance.now();
  const sinceStart = () => Math.round(performance.now() - startedAt);
  const injected: Injected[] = [];
  const inject = async (kind: FaultKind): Promise<void> => {
    const atMs = sinceStart();
    let story: string;
    try {
      story = await withinLimit(kind.inject(scene), faultLimitMs, scene.signal, 'It');
    } catch (thrown) {
      if (scene.signal.aborted) return;
      story = `could not be injected: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    }
    injected.push({ kind: kind.name, atMs, tookMs: sinceStart() - atMs, story });
    options.say(`${kind.name}: ${story}`);
  };
  const underWay: Promise<void>[] = [];
  for (const { kind, atMs } of plan(kinds, scene.random, { count: options.faults, durationMs: options.durationMs })) {
    await pause(Math.max(0, atMs - sinceStart()), undefined, { signal: scene.signal });
    underWay.push(inject(kind));
  }
  await Promise.all(underWay);
  // What is left of the time belongs to the last runs.
  await pause(Math.max(0, options.durationMs - sinceStart()), undefined, { signal: scene.signal });
  return injected;
}

/** Kinds for which the world has what they need. */
function isPossible({ needs }: FaultKind, { hosts, broker }: World): boolean {
  const has = {
    nothing: true,
    emulation: hosts.some(({ kind }) => kind === 'emulated'),
    disks: hosts.some(({ disk }) => disk !== null),
    'one broker': !broker.isCluster,
    cluster: broker.isCluster,
  };
  return has[needs ?? 'nothing'];
}

async function readAll(consoles: readonly Console[]): Promise<{ told: readonly Told[]; kept: ReadonlySet<string> }> {
  const told: Told[] = [];
  const kept = new Set<string>();
  for (const console of consoles) {
    told.push(...(await toldBy(console)));
    for (const { runId } of await runsOf(console)) kept.add(runId);
  }
  return { told, kept };
}

function startLoadOn(world: World, options: SuiteOptions): Load {
  const { seed, longestTtlMs, intervalMs } = options;
  const single = world.hosts.filter(({ kind }) => kind === 'process').flatMap(({ identities }) => identities);
  return startLoad({
    random: seededRandom(seed, 1),
    consoles: notEmpty(world.consoles, 'consoles'),
    fleet: {
      single: notEmpty(single, 'agents in processes of their own'),
      all: notEmpty(world.identities, 'nodes'),
      ghost,
      longestTtlMs,
    },
    intervalMs,
    commandsAtOnce: 2,
  });
}

/** Breaks a fleet in all ways while it works, mends it, and holds what consoles say against what nodes did. */
export async function runSuite(options: SuiteOptions): Promise<Report> {
  const { seed, signal, say } = options;
  const startedAt = performance.now();
  const world = await createWorld({ ...options, say });
  try {
    await allFound(world, options);
    await layGhost(world);
    const ghosts = new Set([ghost]);
    const random = seededRandom(seed, 2);
    const load = startLoadOn(world, options);
    const scene: Scene = {
      world,
      load,
      random,
      signal,
      cutOff: new Set(),
      withHost: createClaims(world.hosts, random, signal),
      withConsole: createClaims(world.consoles, random, signal),
    };
    say('everything is up; the faults begin');
    const injected = await injectAll(scene, options);
    await mendAll(world);
    await withinLimit(load.stop(), commandLimitMs, signal, 'The last command lines');
    say('everything is mended');
    const unsettled = await settle(world, { limitMs: options.settleMs, ghosts, signal, say });
    await Promise.all(world.consoles.map((console) => console.stop()));
    const executions = await readLedgers(world);
    const { told, kept } = await readAll(world.consoles);
    const accepted = load.accepted.map(({ runId }) => runId);
    const details = judge({ told, kept, executions, accepted, ghosts, cutOff: scene.cutOff });
    if (details.length + unsettled.length > 0)
      say(`what led to it is in ${await keepEvidence(world, seed, { violations: details, unsettled })}`);
    return {
      seed,
      command: options.command,
      seconds: Math.round((performance.now() - startedAt) / 1000),
      brokers: options.brokers,
      nodes: { processes: options.processes, emulated: options.emulated },
      faults: {
        injected: injected.length,
        failed: injected.filter(({ story }) => story.startsWith('could not be')).length,
        byKind: counted(injected.map(({ kind }) => kind)),
      },
      requests: {
        runs: kept.size,
        outcomes: told.length,
        acceptedByEngines: accepted.length,
        commandLines: load.commands,
        refusedByEngines: Object.fromEntries(load.refused),
        unsettledRuns: unsettled.length,
      },
      executions: executions.length,
      outcomesByState: statesOf(told),
      restartsByThemselves: [...world.hosts, ...world.consoles].reduce((sum, { restarts }) => sum + restarts, 0),
      violations: violationsOf(details),
      details,
      unsettled,
      injected,
    };
  } finally {
    await world.close();
  }
}
