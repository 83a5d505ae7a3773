import { ok, type Result } from '@muster/protocol/errors';
import { conjunction, dataQueries, discoveryNeeds, printFilter, type FilterExpression } from '@muster/protocol/filter';
import { randomId } from '@muster/runtime/crypto';
import type { Effects } from '../effects.ts';
import type { Discovered, Discovery, DiscoveryOrder } from '../engine/engine.ts';
import type { Converse, VerifiedReply } from '../requests/index.ts';

/** What discovery may use of the inventory: which nodes ought to answer; null when that is not known well enough. */
export type ExpectNodes = (filter: FilterExpression) => Promise<ReadonlySet<string> | null>;

/** Each question to data plugins lengthens the window by this much, in milliseconds. */
const dataPluginMs = 1000;

/**
 * How long nothing may come in, once all expected nodes have answered, before discovery ends, in milliseconds: time for nodes that
 * the inventory has not met yet.
 */
const quietMs = 250;

const withAgent = (filter: FilterExpression, agent: string | undefined): FilterExpression =>
  agent === undefined ? filter : conjunction([filter, { kind: 'agent', matcher: { kind: 'exact', text: agent } }]);

/** Tells when to end: at the end of the window, when told so, or when all expected have answered and it is quiet. */
class Window {
  readonly ended: Promise<void>;
  readonly #effects: Pick<Effects, 'startTimer'>;
  readonly #stopWindow: () => void;
  #end: () => void = () => undefined;
  #stopQuiet: () => void = () => undefined;

  constructor(effects: Pick<Effects, 'startTimer'>, timeoutMs: number, signal: AbortSignal | undefined) {
    this.#effects = effects;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#stopWindow = effects.startTimer(timeoutMs, this.#end);
    signal?.addEventListener('abort', this.#end, { once: true });
    if (signal?.aborted === true) this.#end();
  }

  /** An answer came in; `complete` when no expected node is silent any more. */
  heard(complete: boolean): void {
    this.#stopQuiet();
    if (complete) this.#stopQuiet = this.#effects.startTimer(quietMs, this.#end);
  }

  close(): void {
    this.#stopWindow();
    this.#stopQuiet();
  }
}

/** Discovery by asking everybody and listening for a while. */
export function createDiscovery(options: {
  readonly converse: Converse;
  readonly effects: Pick<Effects, 'clock' | 'randomBytes' | 'startTimer'>;
  readonly collective: string;
  readonly timeoutMs: number;
  readonly expectNodes: ExpectNodes;
  /** Told of each answer, for whoever keeps the inventory. */
  readonly onAnswer: (answer: VerifiedReply) => void;
}): Discovery {
  const { converse, effects } = options;

  async function ask(order: DiscoveryOrder): Promise<Result<Discovered>> {
    const startedAtMs = effects.clock();
    const filter = withAgent(order.filter, order.agent);
    const timeoutMs = (order.timeoutMs ?? options.timeoutMs) + dataQueries(filter).length * dataPluginMs;
    const collective = order.collective ?? options.collective;
    const inCollective: FilterExpression = { kind: 'collective', matcher: { kind: 'exact', text: collective } };
    const expected = await options.expectNodes(conjunction([filter, inCollective]));
    const silent = expected === null ? null : new Set(expected);
    const found = new Set<string>();
    let window: Window | null = null;

    const conversation = await converse({
      requestId: randomId(effects.randomBytes),
      collective,
      agent: 'discovery',
      action: 'ping',
      inputs: {},
      filter: printFilter(filter),
      ttlMs: Math.max(60_000, timeoutMs),
      onReply: (answer) => {
        answer.acknowledge();
        const { sender, outcome } = answer.reply;
        if (outcome !== 'ok' || found.has(sender)) return;
        found.add(sender);
        silent?.delete(sender);
        options.onAnswer(answer);
        order.onNode?.(sender);
        window?.heard(silent?.size === 0);
      },
    });
    if (!conversation.ok) return conversation;
    window = new Window(effects, timeoutMs, order.signal);
    const sent = await conversation.value.broadcast();
    if (sent.ok) await window.ended;
    window.close();
    await conversation.value.end();
    return sent.ok ? ok({ identities: [...found], durationMs: effects.clock() - startedAtMs }) : sent;
  }

  return {
    async discover(order) {
      const { plainIdentities } = discoveryNeeds(order.filter);
      if (plainIdentities === null) return ask(order);
      for (const identity of plainIdentities) order.onNode?.(identity);
      return ok({ identities: plainIdentities, durationMs: 0 });
    },
  };
}
