import type { RunallNode, RunallSummary } from '@muster/protocol/bridge';
import { fail, ok } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { nobodyToTell } from '../../../client/src/notify/index.ts';
import { RunallConductor, type RunallTools } from '../../../client/src/puppet/runall-conductor.ts';
import { tally } from '../../../client/src/puppet/tally.ts';
import { usualTiming } from '../../../client/src/puppet/timing.ts';
import type { ClaimedRunall, RunallChanges, RunallWish, StoredRunallNode } from '../../../client/src/storage/index.ts';
import { SimulatedFleet, type PuppetNature, type SimulatedNode } from './simulated-puppet.ts';
import { SimulatedTime } from './simulated-time.ts';

const logger = createLogger({ name: 'test', level: 'fatal', destination: { write: () => undefined } });

/** A promise of a process that is dead. */
const never = () => new Promise<never>(() => undefined);

/** One console's conducting of the runall; it may die at any of its steps. */
interface Process {
  readonly ended: Promise<RunallSummary>;
  readonly conductor: RunallConductor;
  readonly state: { dead: boolean; over: boolean };
}

/** A runall over a simulated fleet, with storage that outlives the processes that conduct it. */
export class SimulatedRunall {
  readonly time = new SimulatedTime();
  readonly fleet: SimulatedFleet;
  wish: RunallWish = 'go';
  /** Steps that processes have taken: writes to storage and questions to nodes. */
  steps = 0;
  /** The step at which the present process dies. */
  dieAt = Infinity;
  /** Told after each answer and each write. */
  watch: () => void = () => undefined;
  /** How often the database refuses to write, from now on. */
  refusals = 0;
  iterations = 0;
  #summary: RunallSummary;
  #nodes = new Map<string, StoredRunallNode>();
  #consoleId = '';
  #processes = 0;
  #ids = 0;

  constructor(natures: readonly PuppetNature[], more: Partial<RunallSummary> = {}) {
    this.fleet = new SimulatedFleet(natures, this.time);
    const nowMs = this.time.nowMs;
    this.#summary = {
      runallId: 'a'.repeat(32),
      person: 'alice',
      collective: 'muster',
      target: { kind: 'filter', filter: '' },
      concurrency: 2,
      options: {},
      rerunMs: null,
      state: 'discovering',
      isConducted: true,
      fault: null,
      iteration: 1,
      startedAtMs: nowMs,
      iterationStartedAtMs: nowMs,
      nextIterationAtMs: null,
      finishedAtMs: null,
      ...tally([]),
      revision: 1,
      ...more,
    };
  }

  get summary(): RunallSummary {
    return this.#summary;
  }

  get rows(): readonly RunallNode[] {
    return [...this.#nodes.values()].sort((a, b) => a.turn - b.turn);
  }

  get nodes(): readonly SimulatedNode[] {
    return [...this.fleet.nodes.values()];
  }

  /** Claims the runall for a new process and conducts it. */
  conduct(): Process {
    const consoleId = `console ${++this.#processes}`;
    this.#consoleId = consoleId;
    const state = { dead: false, over: false };
    // A function, since it may change while something is waited for.
    const isDead = () => state.dead;
    const alive = async <T>(work: () => Promise<T>): Promise<T> => {
      if (isDead()) return never();
      this.steps += 1;
      if (this.steps === this.dieAt) {
        state.dead = true;
        return never();
      }
      const value = await work();
      return isDead() ? never() : value;
    };
    const tools: RunallTools = {
      announcer: nobodyToTell,
      ask: (question) =>
        alive(() =>
          this.fleet.ask({
            ...question,
            onAnswer: (answer) => {
              if (!state.dead) question.onAnswer(answer);
              this.watch();
            },
          }),
        ),
      find: () => {
        this.iterations += 1;
        return Promise.resolve(ok({ identities: [...this.fleet.nodes.keys()], durationMs: 1, method: 'broadcast' }));
      },
      store: {
        recordRunall: (changes, owner) => alive(() => Promise.resolve(this.#record(changes, owner))),
        releaseRunall: () => Promise.resolve(ok(undefined)),
        runallWish: () => (state.dead ? never() : Promise.resolve(ok(this.wish))),
      },
      note: () => Promise.resolve(),
      consoleId,
      effects: {
        clock: this.time.clock,
        startTimer: (ms, run) => this.time.startTimer(ms, () => (state.dead ? undefined : run())),
        randomBytes: (count) => new Uint8Array(count).fill(++this.#ids % 256).fill(Math.floor(this.#ids / 256), 0, 2),
        logger,
      },
      timing: usualTiming,
    };
    const claimed: ClaimedRunall = {
      summary: structuredClone(this.#summary),
      wish: this.wish,
      nodes: structuredClone([...this.#nodes.values()]),
    };
    const conductor = new RunallConductor(claimed, tools, { onChange: () => undefined });
    const ended = conductor.conduct();
    void ended.then(() => (state.over = true));
    return { conductor, ended, state };
  }

  /** Conducts to the end; processes that die are followed by another after a while. */
  async toTheEnd(downMs = 0): Promise<void> {
    for (;;) {
      const { state } = this.conduct();
      await this.time.passUntil(() => state.dead || state.over);
      if (this.#summary.finishedAtMs !== null) return;
      this.dieAt = Infinity;
      const until = this.time.pause(downMs);
      let isUp = false;
      void until.then(() => (isUp = true));
      await this.time.passUntil(() => isUp);
    }
  }

  #record(changes: RunallChanges, owner: string) {
    if (owner !== this.#consoleId) return fail('runall.taken', 'Another console conducts it');
    if (this.refusals > 0) {
      this.refusals -= 1;
      return fail('storage.failed', 'The disk is slow');
    }
    this.#summary = structuredClone(changes.summary);
    if (changes.anew === true) this.#nodes = new Map();
    for (const node of changes.nodes) this.#nodes.set(node.identity, structuredClone(node));
    this.watch();
    return ok(this.#summary.revision);
  }
}
