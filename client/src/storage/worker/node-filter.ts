import { ok, type Result } from '@muster/protocol/errors';
import { compileFilter, parseFilter } from '@muster/protocol/filter';
import type { CachedNode, NodeCache } from './node-cache.ts';

/** How many filters' matches are remembered: what is counted, listed and sorted in turn. */
const remembered = 8;

/** Evaluates filter texts over the cached nodes and remembers the last few answers for as long as no node changes. */
export class NodeFilter {
  readonly #cache: NodeCache;
  readonly #answers = new Map<string, readonly CachedNode[]>();
  #revision = -1;

  constructor(cache: NodeCache) {
    this.#cache = cache;
  }

  /** The nodes that match, sorted by identity, and how many there are. Errors: those of the filter. */
  select(filter: string): Result<{ matching: readonly CachedNode[]; total: number }> {
    const nodes = this.#cache.nodes();
    if (this.#revision !== this.#cache.revision) {
      this.#answers.clear();
      this.#revision = this.#cache.revision;
    }
    const known = this.#answers.get(filter);
    if (known !== undefined) return ok({ matching: known, total: nodes.length });
    const matching = this.#evaluate(filter, nodes);
    if (!matching.ok) return matching;
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined && this.#answers.size >= remembered) this.#answers.delete(oldest);
    this.#answers.set(filter, matching.value);
    return ok({ matching: matching.value, total: nodes.length });
  }

  #evaluate(filter: string, nodes: readonly CachedNode[]): Result<readonly CachedNode[]> {
    const parsed = parseFilter(filter);
    if (!parsed.ok) return parsed;
    if (parsed.value.kind === 'all') return ok(nodes);
    const matches = compileFilter(parsed.value);
    if (!matches.ok) return matches;
    const matching: CachedNode[] = [];
    for (const node of nodes) {
      const answer = matches.value(node);
      if (!answer.ok) return answer;
      if (answer.value) matching.push(node);
    }
    return ok(matching);
  }
}
