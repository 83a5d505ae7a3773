import { setTimeout as pause } from 'node:timers/promises';
import { integer, pick, type Random } from '@muster/build/fleet';
import type { RunOrder } from '@muster/protocol/bridge';
import type { Console } from '../world/console.ts';
import type { Program } from '../world/program.ts';
import { commandLineOf } from './command-line.ts';
import { randomOrder, tokenOf, type Surroundings } from './orders.ts';

/** A request that a console said it had taken. */
export interface Accepted {
  readonly console: string;
  readonly runId: string;
  readonly token: string;
}

/** What people do to the fleet all the time. */
export interface Load {
  readonly accepted: readonly Accepted[];
  /** Orders by way of an engine that it refused, by code of the fault. */
  readonly refused: ReadonlyMap<string, number>;
  /** Command lines that were started. */
  readonly commands: number;
  /** Those that run now. */
  readonly running: ReadonlySet<Program>;
  /** Hands an order to a console's engine. Undefined when it was not taken. */
  order(console: Console, order: RunOrder): Promise<Accepted | undefined>;
  /** The same, again and again until it is taken or half a minute has passed. */
  insist(console: Console, order: RunOrder): Promise<Accepted | undefined>;
  newToken(): string;
  /** Resolves when all command lines have ended. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly random: Random;
  readonly consoles: readonly [Console, ...Console[]];
  readonly fleet: Surroundings;
  /** Milliseconds between two orders, on average. */
  readonly intervalMs: number;
  /** Command lines at the same time. */
  readonly commandsAtOnce: number;
}

/** Of the orders by way of an engine, how many get a second word from whoever gave them. */
const steered = 0.25;

const insistMs = 30_000;
const insistPollMs = 200;

/** Begins to give orders, one after the other, until it is stopped. */
export function startLoad(options: LoadOptions): Load {
  const { random, consoles, fleet, intervalMs, commandsAtOnce } = options;
  const accepted: Accepted[] = [];
  const refused = new Map<string, number>();
  const running = new Set<Program>();
  const stopping = new AbortController();
  let commands = 0;
  let tokens = 0;

  const newToken = () => `t${++tokens}`;

  async function order(console: Console, wanted: RunOrder): Promise<Accepted | undefined> {
    const taken = await console.order(wanted);
    if (!taken.ok) {
      refused.set(taken.error.code, (refused.get(taken.error.code) ?? 0) + 1);
      return undefined;
    }
    const entry = { console: console.name, runId: taken.value, token: tokenOf(wanted.inputs) };
    accepted.push(entry);
    return entry;
  }

  async function insist(console: Console, wanted: RunOrder): Promise<Accepted | undefined> {
    const deadline = performance.now() + insistMs;
    while (performance.now() < deadline) {
      const taken = await order(console, wanted);
      if (taken !== undefined) return taken;
      await pause(insistPollMs);
    }
    return undefined;
  }

  async function type(console: Console, words: readonly string[]): Promise<void> {
    commands++;
    const program = await console.command(words);
    running.add(program);
    await program.ended;
    running.delete(program);
  }

  /** Changes one's mind about a run, from any console of the person. */
  async function steer(console: Console, runId: string): Promise<void> {
    await pause(integer(random, 0, 4000));
    const word = pick(random, ['cancel', 'cancel', 'pause', 'stop'] as const);
    await console.steer(word, runId);
    if (word !== 'pause') return;
    await pause(integer(random, 500, 4000));
    await console.steer('resume', runId);
  }

  async function give(): Promise<void> {
    const console = pick(random, consoles);
    const wanted = randomOrder(random, fleet, newToken(), Date.now());
    const byCommand = console.takesCommands && random() < 0.3;
    const words = byCommand && running.size < commandsAtOnce ? commandLineOf(wanted) : undefined;
    if (words !== undefined) {
      await type(console, words);
      return;
    }
    const taken = await order(console, wanted);
    if (taken !== undefined && random() < steered) await steer(console, taken.runId);
  }

  const given = new Set<Promise<void>>();
  async function giveAll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const one = give().finally(() => given.delete(one));
      given.add(one);
      await pause(integer(random, intervalMs / 2, intervalMs * 1.5), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  }
  const giving = giveAll();

  return {
    accepted,
    refused,
    running,
    get commands() {
      return commands;
    },
    order,
    insist,
    newToken,
    async stop() {
      stopping.abort();
      await giving;
      await Promise.all(given);
    },
  };
}
