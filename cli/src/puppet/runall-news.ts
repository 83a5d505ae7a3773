import type { Engine } from '@muster/client/engine';
import type { RunallNode } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';

const sliceSize = 500;

/** Every node of a runall, in order of their turns. */
export async function allRunallNodes(engine: Engine, runallId: string): Promise<Result<readonly RunallNode[]>> {
  const nodes: RunallNode[] = [];
  const sort = { by: 'turn', descending: false };
  for (let offset = 0; ; offset += sliceSize) {
    const slice = await engine.runalls.nodes({ runallId, states: [], search: '', sort, offset, limit: sliceSize });
    if (!slice.ok) return slice;
    nodes.push(...slice.value.rows);
    if (slice.value.rows.length < sliceSize) return ok(nodes);
  }
}

/** What happened since it was looked at last. */
export interface RunallNews {
  /** Nodes that got a slot. */
  readonly started: readonly RunallNode[];
  /** Nodes that are done, once it is known how it went, or skipped. */
  readonly ended: readonly RunallNode[];
  /** Whoever holds a slot now. */
  readonly slots: readonly RunallNode[];
}

/** Looks at a runall again and again, and tells each thing once. */
export class RunallNewsReader {
  readonly #engine: Engine;
  readonly #runallId: string;
  #iteration = 0;
  #started = new Set<string>();
  #ended = new Set<string>();

  constructor(engine: Engine, runallId: string) {
    this.#engine = engine;
    this.#runallId = runallId;
  }

  /** `isSettled`: nothing more is going to be known of the nodes that are done. */
  async read(iteration: number, isSettled: boolean): Promise<Result<RunallNews>> {
    if (iteration !== this.#iteration) {
      this.#iteration = iteration;
      this.#started = new Set();
      this.#ended = new Set();
    }
    const slots = await this.#slice(['busy', 'starting', 'running'], 'turn', 0);
    if (!slots.ok) return slots;
    const ended = await this.#readEnded(isSettled);
    if (!ended.ok) return ended;
    const began = [
      ...slots.value.filter(({ state }) => state !== 'busy'),
      ...ended.value.filter(({ state }) => state === 'done'),
    ];
    const started = began.filter(({ identity }) => !this.#started.has(identity));
    for (const { identity } of started) this.#started.add(identity);
    return ok({ started, ended: ended.value, slots: slots.value });
  }

  /** Those that ended last come first, until a slice has nothing new. */
  async #readEnded(isSettled: boolean): Promise<Result<readonly RunallNode[]>> {
    const news: RunallNode[] = [];
    for (let offset = 0; ; offset += sliceSize) {
      const slice = await this.#slice(['done', 'skipped'], 'ended', offset);
      if (!slice.ok) return slice;
      const fresh = slice.value.filter(({ identity }) => !this.#ended.has(identity));
      news.push(...fresh.filter(({ state, run }) => isSettled || state === 'skipped' || run !== null));
      if (fresh.length === 0 || slice.value.length < sliceSize) break;
    }
    for (const { identity } of news) this.#ended.add(identity);
    return ok(news.reverse());
  }

  async #slice(states: RunallNode['state'][], by: string, offset: number): Promise<Result<readonly RunallNode[]>> {
    const sort = { by, descending: by === 'ended' };
    const slice = await this.#engine.runalls.nodes({
      runallId: this.#runallId,
      states,
      search: '',
      sort,
      offset,
      limit: sliceSize,
    });
    return slice.ok ? ok(slice.value.rows) : slice;
  }
}
