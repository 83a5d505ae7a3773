import type { Fault } from '@muster/protocol/errors';
import type { PuppetNews } from '../storage/index.ts';
import type { PuppetAnswer } from './ask-puppet.ts';
import type { LiveRunall } from './live-runall.ts';
import { readRun, readStatus, statusOfNode } from './read-answers.ts';
import type { RunallTools } from './runall-conductor.ts';

interface Hooks {
  /** Ends all waiting for answers. */
  readonly signal: AbortSignal;
  /** Something was heard, or is not going to be. */
  readonly onNews: () => void;
  /** What kept a question from being sent; null when it was. */
  readonly onTrouble: (fault: Fault | null) => void;
}

/** What one runall asks of nodes, all at once as far as they go, and what follows from the answers. */
export class RunallQuestions {
  readonly #live: LiveRunall;
  readonly #tools: Pick<RunallTools, 'ask' | 'timing' | 'effects'>;
  readonly #hooks: Hooks;
  readonly #underWay = new Set<Promise<void>>();
  #news: PuppetNews[] = [];

  constructor(live: LiveRunall, tools: Pick<RunallTools, 'ask' | 'timing' | 'effects'>, hooks: Hooks) {
    this.#live = live;
    this.#tools = tools;
    this.#hooks = hooks;
  }

  /** What nodes have told since this was called last. */
  takeNews(): readonly PuppetNews[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** Resolves when no question is under way any more. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Asks nodes to run Puppet, by a request that is stored already. */
  start(identities: readonly string[], requestId: string): void {
    this.#keep(this.#order(identities, requestId, false));
  }

  /** Sends once more what an earlier conductor may have sent: the nodes carry it out once. */
  startAgain(): void {
    const nowMs = this.#tools.effects.clock();
    for (const [requestId, identities] of this.#live.toStartAgain(nowMs)) {
      this.#live.asking(identities, nowMs);
      this.#keep(this.#order(identities, requestId, true));
    }
  }

  async #order(identities: readonly string[], requestId: string, again: boolean): Promise<void> {
    const { ask, timing, effects } = this.#tools;
    const { collective, options } = this.#live.summary;
    const silent = new Set(identities);
    const left = new Set<string>();
    const asked = await ask({
      collective,
      action: 'runonce',
      inputs: { ...options, force: true },
      identities,
      requestId,
      timeoutMs: timing.startWindowMs,
      ttlMs: timing.startTtlMs,
      signal: this.#hooks.signal,
      onSent: (identity, sent) => {
        left.add(identity);
        if (sent === 'unknown_node' && silent.delete(identity)) this.#live.unknownNode(identity, effects.clock());
      },
      onAnswer: (answer) => {
        if (!silent.delete(answer.identity)) return;
        this.#takeStart(answer, again);
        this.#hooks.onNews();
      },
    });
    for (const identity of silent) {
      if (asked.ok || left.has(identity) || again) this.#live.unheard(identity);
      else this.#live.notSent(identity);
    }
    this.#hooks.onTrouble(asked.ok ? null : asked.error);
    this.#hooks.onNews();
  }

  #takeStart({ identity, outcome, statusMessage, data }: PuppetAnswer, again: boolean): void {
    const initiatedAt = data['initiated_at'];
    if (outcome === 'ok' && typeof initiatedAt === 'number')
      this.#live.started(identity, initiatedAt, this.#tools.effects.clock());
    // It may have begun all the same: when the action overran its time, or when this was sent for the second time.
    else if (again || outcome === 'ok' || outcome === 'timed_out' || outcome === 'interrupted')
      this.#live.unheard(identity);
    else this.#live.refused(identity, outcome, statusMessage, this.#tools.effects.clock());
  }

  /** Asks nodes something that changes nothing; the answers come when they come. */
  ask(action: 'status' | 'last_run_summary', identities: readonly string[]): void {
    if (identities.length === 0) return;
    this.#live.asking(identities, this.#tools.effects.clock());
    this.#keep(this.#hear(action, identities));
  }

  async #hear(action: 'status' | 'last_run_summary', identities: readonly string[]): Promise<void> {
    const { ask, timing, effects } = this.#tools;
    const silent = new Set(identities);
    const asked = await ask({
      collective: this.#live.summary.collective,
      action,
      identities,
      timeoutMs: timing.statusWindowMs,
      ttlMs: timing.startTtlMs,
      signal: this.#hooks.signal,
      onSent: (identity, sent) => {
        if (sent === 'unknown_node' && silent.delete(identity)) this.#live.unknownNode(identity, effects.clock());
      },
      onAnswer: (answer) => {
        if (silent.delete(answer.identity)) this.#takeAnswer(action, answer);
        this.#hooks.onNews();
      },
    });
    for (const identity of silent) {
      // Whoever could not be asked has not missed anything.
      if (this.#hooks.signal.aborted || !asked.ok) this.#live.unheard(identity);
      else this.#miss(action, identity, '');
    }
    this.#hooks.onTrouble(asked.ok ? null : asked.error);
    this.#hooks.onNews();
  }

  #takeAnswer(action: 'status' | 'last_run_summary', answer: PuppetAnswer): void {
    const { identity, outcome, statusMessage, data, nodeTimeMs } = answer;
    const atMs = this.#tools.effects.clock();
    if (outcome !== 'ok') return this.#miss(action, identity, statusMessage);
    if (action === 'status') {
      const status = readStatus(data);
      this.#news.push({ identity, atMs, status: statusOfNode(status) });
      this.#live.told(identity, status, nodeTimeMs, atMs);
    } else {
      const run = readRun(data);
      this.#news.push({ identity, atMs, run });
      this.#live.reviewed(identity, run);
    }
  }

  #miss(action: 'status' | 'last_run_summary', identity: string, problem: string): void {
    const atMs = this.#tools.effects.clock();
    if (action === 'last_run_summary') return this.#live.reviewed(identity, null);
    this.#news.push({ identity, atMs, problem: problem === '' ? 'no answer' : problem });
    this.#live.missed(identity, problem, atMs);
  }

  #keep(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }
}
