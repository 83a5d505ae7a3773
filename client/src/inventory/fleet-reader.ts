import type { PluginDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Effects } from '../effects.ts';
import { askNodes, type Converse, type RejectLog } from '../requests/index.ts';
import type { InventoryReader, InventoryWriter, ReadNode } from '../storage/index.ts';
import { readNode, readPlugins } from './read-node.ts';
import { SilenceBook } from './silence-book.ts';

/** Nodes that are asked in one go; what they answer is stored as one. */
const batchSize = 200;

/** Batches under way at once: while one waits for its last node, others go on. With their size it bounds what is in memory and on the wire. */
const batchesAtOnce = 4;

/** How long to wait for the answers of those, in milliseconds: the time limit of rpcutil and some. */
const timeoutMs = 12_000;

/** Reads facts, classes and agents from nodes and stores them. */
export class FleetReader {
  readonly #converse: Converse;
  readonly #effects: Pick<Effects, 'randomBytes' | 'startTimer' | 'clock'>;
  readonly #store: InventoryWriter & Pick<InventoryReader, 'staleNodes' | 'unknownAgents'>;
  readonly #rejects: RejectLog;
  readonly #signal: AbortSignal;
  readonly #silences = new SilenceBook();

  constructor(options: {
    converse: Converse;
    effects: Pick<Effects, 'randomBytes' | 'startTimer' | 'clock'>;
    store: InventoryWriter & Pick<InventoryReader, 'staleNodes' | 'unknownAgents'>;
    rejects: RejectLog;
    /** Ends whatever is under way. */
    signal: AbortSignal;
  }) {
    this.#converse = options.converse;
    this.#effects = options.effects;
    this.#store = options.store;
    this.#rejects = options.rejects;
    this.#signal = options.signal;
  }

  /**
   * Reads those of the given nodes (with the collective that reaches each) that changed; gives how many answered. Nodes that were silent are
   * passed over for a while, unless `everyone` is to be asked. Errors: `broker.*`, `storage.*`.
   */
  async readStale(
    nodes: ReadonlyMap<string, string>,
    { everyone }: { readonly everyone: boolean },
  ): Promise<Result<number>> {
    const stale = await this.#store.staleNodes();
    if (!stale.ok) return stale;
    if (everyone) this.#silences.forgive();
    const nowMs = this.#effects.clock();
    const reachable = stale.value.filter((identity) => nodes.has(identity) && this.#silences.mayAsk(identity, nowMs));
    const batches: { collective: string; identities: readonly string[] }[] = [];
    for (const [collective, identities] of Map.groupBy(reachable, (identity) => nodes.get(identity) ?? ''))
      for (let start = 0; start < identities.length; start += batchSize)
        batches.push({ collective, identities: identities.slice(start, start + batchSize) });
    const updated = await this.#readBatches(batches);
    if (!updated.ok) return updated;
    const learnt = await this.#learnUnknownPlugins(nodes);
    return learnt.ok ? updated : learnt;
  }

  /** The DDLs of one node's agents and data plugins. Errors: `broker.*`, `agent.unknown` when it does not answer as expected. */
  async askForPlugins(collective: string, identity: string): Promise<Result<PluginDdl[]>> {
    let plugins: Result<PluginDdl[]> = fail('agent.unknown', `${identity} did not say which agents it has`);
    const asked = await askNodes(this.#converse, this.#effects, {
      collective,
      agent: 'rpcutil',
      action: 'agent_inventory',
      identities: [identity],
      timeoutMs,
      signal: this.#signal,
      onReply: (answer) => {
        const read = readPlugins(answer);
        if (read.ok) plugins = read;
        else this.#rejects.note(read.error);
      },
    });
    return asked.ok ? plugins : asked;
  }

  async #readBatches(
    batches: readonly { readonly collective: string; readonly identities: readonly string[] }[],
  ): Promise<Result<number>> {
    const waiting = batches.values();
    let updated = 0;
    const faults: Result<never>[] = [];
    const work = async () => {
      for (const { collective, identities } of waiting) {
        if (this.#signal.aborted || faults.length > 0) return;
        const read = await this.#readSome(collective, identities);
        if (read.ok) updated += read.value;
        else faults.push(read);
      }
    };
    await Promise.all(Array.from({ length: batchesAtOnce }, work));
    return faults[0] ?? ok(updated);
  }

  async #readSome(collective: string, identities: readonly string[]): Promise<Result<number>> {
    const nodes: ReadNode[] = [];
    const silent = new Set(identities);
    const asked = await askNodes(this.#converse, this.#effects, {
      collective,
      agent: 'rpcutil',
      action: 'inventory',
      identities,
      timeoutMs,
      signal: this.#signal,
      onReply: (answer) => {
        const node = readNode(answer);
        if (!node.ok) {
          this.#rejects.note(node.error);
          return;
        }
        nodes.push(node.value);
        silent.delete(node.value.identity);
        this.#silences.noteAnswer(node.value.identity);
      },
    });
    if (!asked.ok) return asked;
    const nowMs = this.#effects.clock();
    if (!this.#signal.aborted) for (const identity of silent) this.#silences.noteSilence(identity, nowMs);
    const stored = await this.#store.storeNodes(nodes);
    return stored.ok ? ok(nodes.length) : stored;
  }

  /** Nodes that announce the same digest have the same plugins, so one of each kind is asked. */
  async #learnUnknownPlugins(nodes: ReadonlyMap<string, string>): Promise<Result<void>> {
    const unknown = await this.#store.unknownAgents();
    if (!unknown.ok) return unknown;
    for (const { digest, identities } of unknown.value) {
      for (const identity of identities) {
        const collective = nodes.get(identity);
        if (collective === undefined || this.#signal.aborted) continue;
        const plugins = await this.askForPlugins(collective, identity);
        if (!plugins.ok) continue;
        const stored = await this.#store.storePlugins(digest, plugins.value, this.#effects.clock());
        if (!stored.ok) return stored;
        break;
      }
    }
    return ok(undefined);
  }
}
