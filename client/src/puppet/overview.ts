import type { ResultDetail, Target } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { Effects } from '../effects.ts';
import type { Targets } from '../engine/parts/discovery.ts';
import type { Puppet } from '../engine/parts/puppet.ts';
import { createNumberNews } from '../revision-news.ts';
import type { PuppetNews, PuppetStore } from '../storage/index.ts';
import type { AskPuppet, PuppetAnswer } from './ask-puppet.ts';
import { FollowUps } from './follow-ups.ts';
import { readRun, readStatus, statusOfNode } from './read-answers.ts';

/** How long nodes may take to tell, in milliseconds. */
const windowMs = 30_000;

export interface OverviewKeeper extends Puppet {
  readonly note: (news: readonly PuppetNews[]) => Promise<void>;
  /** What a node answered to an ordinary run. */
  hear(
    run: { readonly agent: string; readonly action: string; readonly collective: string },
    result: ResultDetail,
  ): void;
  /** Tells listeners of changes, also of those of other processes. */
  lookForChanges(): Promise<void>;
  close(): Promise<void>;
}

type Told = Pick<PuppetAnswer, 'identity' | 'outcome' | 'statusMessage' | 'data'>;

function newsOf(action: string, { identity, outcome, statusMessage, data }: Told, atMs: number): PuppetNews | null {
  if (action !== 'status' && action !== 'last_run_summary') return null;
  if (outcome !== 'ok') return { identity, atMs, problem: statusMessage === '' ? outcome : statusMessage };
  return action === 'status'
    ? { identity, atMs, status: statusOfNode(readStatus(data)) }
    : { identity, atMs, run: readRun(data) };
}

/** Puppet on the fleet at a glance: as it was told last, and asked anew. */
export function createOverview(options: {
  readonly ask: AskPuppet;
  readonly targets: Targets;
  readonly store: PuppetStore;
  readonly collective: string;
  readonly effects: Pick<Effects, 'clock' | 'startTimer' | 'logger'>;
}): OverviewKeeper {
  const { ask, targets, store, effects } = options;
  const changes = createNumberNews(() => store.puppetRevision());
  const stopping = new AbortController();
  const asking = new Set<Promise<unknown>>();
  const followUps = new FollowUps(effects.startTimer, (collective, identities) => void inquire(collective, identities));

  async function note(news: readonly PuppetNews[]): Promise<void> {
    const noted = await store.notePuppet(news);
    if (!noted.ok)
      effects.logger.warn({ code: noted.error.code }, `Puppet's state cannot be kept: ${noted.error.message}`);
    await changes.look();
  }

  async function askBoth(collective: string, identities: readonly string[]): Promise<Result<number>> {
    const news: PuppetNews[] = [];
    const silent = new Set(identities);
    const question = (action: 'status' | 'last_run_summary') =>
      ask({
        collective,
        action,
        identities,
        timeoutMs: windowMs,
        ttlMs: windowMs,
        signal: stopping.signal,
        onAnswer: (answer) => {
          silent.delete(answer.identity);
          const told = newsOf(action, answer, effects.clock());
          if (told !== null) news.push(told);
        },
      });
    const asked = await Promise.all([question('status'), question('last_run_summary')]);
    const atMs = effects.clock();
    const failed = asked.find((result) => !result.ok);
    if (!stopping.signal.aborted && failed === undefined)
      news.push(...[...silent].map((identity) => ({ identity, atMs, problem: 'no answer' })));
    // A status says that a problem is over, so problems come last.
    const problems = news.filter(({ problem }) => problem !== undefined);
    await note([...news.filter(({ problem }) => problem === undefined), ...problems]);
    return failed?.ok === false ? failed : ok(identities.length - silent.size);
  }

  /** One inquiry that closing waits for. */
  function inquire(collective: string, identities: readonly string[]): Promise<Result<number>> {
    const work = askBoth(collective, identities);
    asking.add(work);
    void work.finally(() => asking.delete(work));
    return work;
  }

  async function refresh(target: Target | undefined): Promise<Result<{ asked: number; answered: number }>> {
    const resolved = await targets.resolve(target ?? { kind: 'filter', filter: '' });
    if (!resolved.ok) return resolved;
    const collective = resolved.value.collective ?? options.collective;
    const found = await targets.find(resolved.value, { agent: 'puppet', collective, signal: stopping.signal });
    if (!found.ok) return found;
    const { identities } = found.value;
    const answered = await inquire(collective, identities);
    if (!answered.ok) return answered;
    if (target === undefined) {
      const noted = await store.notePuppetRefresh(effects.clock());
      if (!noted.ok) return noted;
      await changes.look();
    }
    return ok({ asked: identities.length, answered: answered.value });
  }

  return {
    note,
    overview: (params) => store.puppetOverview(params),
    figures: (filter) => store.puppetFigures(filter, effects.clock()),
    refresh,
    revision: () => store.puppetRevision(),
    onChange: (listener) => changes.onChange(listener),
    hear({ agent, action, collective }, { identity, outcome, statusMessage, data }) {
      if (agent !== 'puppet' || outcome === null || stopping.signal.aborted) return;
      const told = newsOf(action, { identity, outcome, statusMessage, data }, effects.clock());
      if (told !== null) void note([told]);
      else if (outcome === 'ok') followUps.note(action, collective, identity);
    },
    lookForChanges: () => changes.look(),
    async close() {
      stopping.abort();
      followUps.stop();
      await Promise.all(asking);
    },
  };
}
