import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { repositoryRoot } from '@muster/build/fleet';
import { z } from 'zod';
import { tokenOf } from '../load/orders.ts';
import { counted } from '../report.ts';
import { runsOf, toldBy } from '../verdict/console-history.ts';
import { readLedgers } from '../verdict/ledgers.ts';
import { settle } from '../verdict/settle.ts';
import { allFound } from '../world/all-found.ts';
import { createWorld, type World } from '../world/world.ts';
import { startMcollective, type McollectiveFleet } from './mcollective.ts';
import { startTool } from './tool.ts';

export interface CompareOptions {
  readonly nodes: number;
  /** How many commands must have ended before the broker is restarted, and how many begin after it is back. */
  readonly requests: number;
  readonly intervalMs: number;
  /** How long the broker is away before it starts again. */
  readonly downMs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What became of the same load on one of the two. */
export interface Loss {
  readonly requests: number;
  /** Requests times nodes. */
  readonly asked: number;
  readonly executed: number;
  readonly executedTwice: number;
  /** What the command line told at the time. */
  readonly reportedOk: number;
  /** Executed, and the operator was told nothing of it or that there was no answer. */
  readonly executedAndNotReported: number;
  readonly notExecuted: number;
  /** Not executed, and nobody can say so: no final word on the node. */
  readonly withoutOutcome: number;
  /** How the commands ended; `killed` after a minute. */
  readonly commandsByExitCode: Readonly<Record<string, number>>;
  /** Why commands say that they failed, by code. */
  readonly commandErrors: Readonly<Record<string, number>>;
}

export interface Comparison {
  readonly load: Pick<CompareOptions, 'nodes' | 'requests' | 'intervalMs' | 'downMs'>;
  readonly mcollective: Loss;
  readonly muster: Loss;
  /** What Muster's console says in the end, by state. */
  readonly musterStates: Readonly<Record<string, number>>;
}

const commandLimitMs = 60_000;

/** Both sides under one load: what a person types, and how to read what comes of it. */
interface Side {
  readonly identities: readonly string[];
  command(token: string): ReturnType<typeof startTool>;
  /** The nodes that a command's output says have carried it out. */
  okIn(stdout: string): readonly string[];
  restartBroker(): Promise<void>;
}

interface Typed {
  readonly token: string;
  readonly ok: readonly string[];
  readonly exitCode: string;
  readonly error: string | null;
}

async function type(side: Side, token: string): Promise<Typed> {
  const tool = await side.command(token);
  const stopTimer = new AbortController();
  const late = pause(commandLimitMs, undefined, { signal: stopTimer.signal }).then(
    () => tool.stop(),
    () => undefined,
  );
  const { stdout, exitCode } = await tool.ended;
  stopTimer.abort();
  await late;
  return {
    token,
    ok: side.okIn(stdout),
    exitCode: exitCode === null ? 'killed' : String(exitCode),
    error: errorIn(stdout),
  };
}

async function typeAll(side: Side, options: CompareOptions): Promise<readonly Typed[]> {
  const { requests, intervalMs, signal } = options;
  const typed: Promise<Typed>[] = [];
  let ended = 0;
  const typeWhile = async (isWanted: () => boolean): Promise<void> => {
    while (isWanted()) {
      typed.push(type(side, `t${typed.length}`).finally(() => ended++));
      await pause(intervalMs, undefined, { signal });
    }
  };
  await typeWhile(() => ended < requests);
  let isBack = false;
  const restarted = side.restartBroker().finally(() => (isBack = true));
  await typeWhile(() => !isBack);
  await restarted;
  const before = typed.length;
  await typeWhile(() => typed.length < before + requests);
  return Promise.all(typed);
}

const mcollectiveReplies = z.array(z.looseObject({ sender: z.string(), statuscode: z.number() }));
const musterReplies = z.looseObject({
  replies: z.array(z.looseObject({ sender: z.string(), statuscode: z.number() })),
});

/** The JSON in what a command printed; null when it printed none, as one that fails or is killed. */
function parsed(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}

const errorShape = z.looseObject({ error: z.looseObject({ code: z.string() }) });

const errorIn = (stdout: string): string | null => errorShape.safeParse(parsed(stdout)).data?.error.code ?? null;

const okOf = (replies: readonly { sender: string; statuscode: number }[] | undefined): string[] =>
  (replies ?? []).filter(({ statuscode }) => statuscode === 0).map(({ sender }) => sender);

function mcollectiveSide(fleet: McollectiveFleet, { downMs }: CompareOptions): Side {
  const nodes = fleet.identities.flatMap((identity) => ['-I', identity]);
  return {
    identities: fleet.identities,
    command: (token) => fleet.command(['rpc', 'ledger', 'quick', `token=${token}`, ...nodes, '-j']),
    okIn: (stdout) => okOf(mcollectiveReplies.safeParse(parsed(stdout)).data),
    restartBroker: () => fleet.restartBroker(downMs),
  };
}

function musterSide(world: World, { downMs }: CompareOptions): Side {
  const [console] = world.consoles;
  const nodes = world.identities.flatMap((identity) => ['-I', identity]);
  const entry = join(repositoryRoot, 'cli', 'bin', 'muster.mjs');
  const env = { PATH: process.env['PATH'] ?? '', HOME: world.folder, MUSTER_HOME: console?.home ?? '' };
  return {
    identities: world.identities,
    command: (token) =>
      startTool(
        process.execPath,
        [entry, 'rpc', 'ledger', 'quick', `token=${token}`, ...nodes, '--json', '--yes'],
        env,
      ),
    okIn: (stdout) => okOf(musterReplies.safeParse(parsed(stdout)).data?.replies),
    restartBroker: () => world.broker.restart(downMs),
  };
}

const keyOf = (token: string, identity: string): string => `${token} ${identity}`;

/** `final` tells whether the operator has the last word on a node in the end. */
function lossOf(
  side: Side,
  typed: readonly Typed[],
  executions: readonly string[],
  final: (key: string, isReported: boolean) => boolean,
): Loss {
  const times = new Map<string, number>();
  for (const key of executions) times.set(key, (times.get(key) ?? 0) + 1);
  const reported = new Set(typed.flatMap(({ token, ok }) => ok.map((identity) => keyOf(token, identity))));
  const asked = typed.flatMap(({ token }) => side.identities.map((identity) => keyOf(token, identity)));
  const executed = asked.filter((key) => times.has(key));
  return {
    requests: typed.length,
    asked: asked.length,
    executed: executed.length,
    executedTwice: [...times.values()].filter((count) => count > 1).length,
    reportedOk: reported.size,
    executedAndNotReported: executed.filter((key) => !final(key, reported.has(key))).length,
    notExecuted: asked.length - executed.length,
    withoutOutcome: asked.filter((key) => !times.has(key) && !final(key, reported.has(key))).length,
    commandsByExitCode: counted(typed.map(({ exitCode }) => exitCode)),
    commandErrors: counted(typed.flatMap(({ error }) => error ?? [])),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a path
  server.close();
  await once(server, 'close');
  return port;
}

async function tryMcollective(options: CompareOptions): Promise<Loss> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-peer-'));
  try {
    options.say(`starting ${options.nodes} real MCollective nodes`);
    const fleet = await startMcollective(folder, { nodes: options.nodes, stompPort: await freePort() });
    try {
      const side = mcollectiveSide(fleet, options);
      const typed = await typeAll(side, options);
      // What was sent may still be carried out within the time to live.
      await pause(commandLimitMs, undefined, { signal: options.signal });
      const ledgers = await Promise.all(
        fleet.identities.map(async (identity) =>
          (await fleet.ledgerOf(identity)).map((token) => keyOf(token, identity)),
        ),
      );
      // It keeps no history: what the command did not print nobody learns.
      return lossOf(side, typed, ledgers.flat(), (_key, isReported) => isReported);
    } finally {
      await fleet.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const openStates: ReadonlySet<string> = new Set(['queued', 'sent', 'waiting', 'accepted', 'running', 'no_answer']);

async function tryMuster(options: CompareOptions): Promise<{ loss: Loss; states: Record<string, number> }> {
  const { nodes, seed, signal, say } = options;
  say(`starting ${nodes} Muster nodes`);
  const world = await createWorld({ seed, brokers: 1, processes: nodes, emulated: 0, signal, say });
  try {
    const [console] = world.consoles;
    if (console === undefined) throw new Error('There is no console');
    await allFound(world, options);
    const side = musterSide(world, options);
    const typed = await typeAll(side, options);
    await settle(world, { limitMs: 3 * commandLimitMs, ghosts: new Set(), signal, say });
    const tokens = new Map((await runsOf(console)).map(({ runId, inputs }) => [runId, tokenOf(inputs)]));
    const told = await toldBy(console);
    const states = new Map(told.map(({ runId, identity, state }) => [keyOf(tokens.get(runId) ?? '', identity), state]));
    // A request that was refused before it was taken has its outcome in the exit code of the command.
    const taken = new Set(tokens.values());
    const refused = new Set(typed.filter(({ token }) => !taken.has(token)).map(({ token }) => token));
    const executions = (await readLedgers(world)).map(({ token, node }) => keyOf(token, node));
    const final = (key: string): boolean => {
      const state = states.get(key);
      return state === undefined
        ? refused.has(key.split(' ')[0] ?? '') && !executions.includes(key)
        : !openStates.has(state);
    };
    return { loss: lossOf(side, typed, executions, final), states: counted(told.map(({ state }) => state)) };
  } finally {
    await world.close();
  }
}

/** What a restart of the broker costs on real MCollective and on Muster, one after the other on this machine. */
export async function compareRestart(options: CompareOptions): Promise<Comparison> {
  const mcollective = await tryMcollective(options);
  const { loss, states } = await tryMuster(options);
  const { nodes, requests, intervalMs, downMs } = options;
  return {
    load: { nodes, requests, intervalMs, downMs },
    mcollective,
    muster: loss,
    musterStates: states,
  };
}
