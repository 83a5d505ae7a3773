import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PuppetNature } from '../../../test/support/client/simulated-puppet.ts';
import { SimulatedRunall } from '../../../test/support/client/simulated-runall.ts';
import { usualTiming } from './timing.ts';

const plain: PuppetNature = { beginsAfterMs: 2000, takesMs: 20_000, latencyMs: 40, skewMs: 0 };
const fleet = (count: number, nature: Partial<PuppetNature> = {}): PuppetNature[] =>
  Array.from({ length: count }, () => ({ ...plain, ...nature }));

/** Watches that never more than so many apply at once, beside those that did so on their own from the beginning. */
function watchSlots(runall: SimulatedRunall): () => number {
  let most = 0;
  runall.watch = () => {
    const counted = runall.nodes.filter(
      ({ nature, isThere }) => isThere && nature.latencyMs < usualTiming.statusWindowMs,
    );
    most = Math.max(most, counted.filter(({ applying }) => applying).length);
  };
  return () => most;
}

const rowsOf = (runall: SimulatedRunall) => runall.rows.map(({ state, reason, run }) => reason ?? run?.result ?? state);

describe('a runall over a simulated fleet', () => {
  it('fills its slots and never has more', async () => {
    const runall = new SimulatedRunall(fleet(25, { failed: 1 }), { concurrency: 4 });
    const most = watchSlots(runall);
    await runall.toTheEnd();
    expect(most()).toBe(4);
    expect(runall.summary).toMatchObject({ state: 'finished', states: { done: 25 }, results: { failed: 25 } });
    expect(runall.nodes.every(({ begun }) => begun === 1)).toBe(true);
  });

  it('gives nodes that apply on their own a slot, and their own run afterwards', async () => {
    const runall = new SimulatedRunall([...fleet(2, { ownRunMs: 60_000 }), ...fleet(3)], { concurrency: 2 });
    const most = watchSlots(runall);
    await runall.toTheEnd();
    expect(most()).toBe(2);
    expect(runall.nodes.map(({ begun }) => begun)).toEqual([1, 1, 1, 1, 1]);
  });

  it.each([
    ['is disabled', { disabled: 'for the release' }, 'disabled'],
    ['is disabled while it applies on its own', { disabled: 'later', ownRunMs: 9000 }, 'disabled'],
    ['never begins', { neverBegins: true }, 'did_not_begin'],
    ['is not there', { vanishesAtMs: 0 }, 'no_answer'],
    ['vanishes in the middle of its run', { vanishesAtMs: 10_000 }, 'no_answer'],
    ['answers too late', { latencyMs: 7000 }, 'no_answer'],
    ['refuses to run', { refuses: 'Cannot specify any custom puppet options' }, 'refused'],
    ['is unknown to the broker', { unknown: true }, 'unknown_node'],
    ['does not end', { takesMs: 5 * 3_600_000 }, 'too_long'],
    ['applies on its own for ever', { ownRunMs: 5 * 3_600_000 }, 'too_long'],
    ['has a clock far ahead', { skewMs: 600_000 }, 'refused'],
    ['is disabled in the middle of its run', { disabledAfterMs: 3000 }, 'ok'],
    ['is quicker than we look', { beginsAfterMs: 0, takesMs: 300 }, 'ok'],
    ['is slow to begin', { beginsAfterMs: 25_000 }, 'ok'],
    ['answers late', { latencyMs: 4000 }, 'ok'],
    ['has a clock behind', { skewMs: -3000 }, 'ok'],
  ])('goes on past a node that %s, and says so', async (_what, nature, result) => {
    const runall = new SimulatedRunall([...fleet(1, nature), ...fleet(3)], { concurrency: 1 });
    await runall.toTheEnd();
    expect(rowsOf(runall)).toEqual([result, 'ok', 'ok', 'ok']);
    expect(runall.summary.state).toBe('finished');
  });

  it('waits while the broker is away, and says so', async () => {
    const runall = new SimulatedRunall(fleet(3), { concurrency: 1 });
    const { state } = runall.conduct();
    await runall.time.passUntil(() => runall.summary.states.running === 1);
    runall.fleet.isDown = true;
    await runall.time.passUntil(() => runall.summary.fault?.code === 'broker.closed');
    const away = runall.time.pause(3_600_000);
    let isOver = false;
    void away.then(() => (isOver = true));
    await runall.time.passUntil(() => isOver);
    runall.fleet.isDown = false;
    await runall.time.passUntil(() => state.over);
    expect(runall.summary).toMatchObject({ state: 'finished', fault: null, states: { done: 3 } });
    expect(runall.nodes.every(({ begun }) => begun === 1)).toBe(true);
  });

  it('tries again what the database refuses, and sends nothing before it is stored', async () => {
    const runall = new SimulatedRunall(fleet(2), { concurrency: 1 });
    let writes = 0;
    runall.watch = () => {
      const known = new Set(runall.rows.filter(({ askedAtMs }) => askedAtMs !== null).map(({ identity }) => identity));
      for (const { identity, accepted } of runall.nodes) if (accepted > 0) expect(known).toContain(identity);
      if (++writes % 3 === 0) runall.refusals = 2;
    };
    await runall.toTheEnd();
    expect(runall.summary).toMatchObject({ state: 'finished', states: { done: 2 } });
  });

  it('starts nobody while it is paused, and goes on afterwards', async () => {
    const runall = new SimulatedRunall(fleet(4), { concurrency: 1 });
    const { state } = runall.conduct();
    await runall.time.passUntil(() => runall.summary.states.done === 1);
    runall.wish = 'pause';
    const isQuiet = () => runall.rows.every((row) => row.state !== 'starting' && row.state !== 'running');
    await runall.time.passUntil(() => runall.summary.state === 'paused' && isQuiet());
    const begun = runall.nodes.map((node) => node.begun);
    let isLater = false;
    void runall.time.pause(600_000).then(() => (isLater = true));
    await runall.time.passUntil(() => isLater);
    expect(runall.nodes.map((node) => node.begun)).toEqual(begun);
    runall.wish = 'go';
    await runall.time.passUntil(() => state.over);
    expect(runall.summary).toMatchObject({ state: 'finished', states: { done: 4 } });
  });

  it('lets those finish that run when it is cancelled', async () => {
    const runall = new SimulatedRunall(fleet(5), { concurrency: 2 });
    const { state } = runall.conduct();
    await runall.time.passUntil(() => runall.summary.states.running === 2);
    runall.wish = 'cancel';
    await runall.time.passUntil(() => state.over);
    expect(runall.summary).toMatchObject({
      state: 'cancelled',
      states: { done: 2, skipped: 3 },
      skipped: { cancelled: 3 },
      results: { ok: 2 },
    });
    expect(runall.nodes.filter(({ begun }) => begun > 0)).toHaveLength(2);
  });

  it('begins again and again, at the earliest after the time that was wished for', async () => {
    const runall = new SimulatedRunall(fleet(2), { concurrency: 2, rerunMs: 600_000 });
    const startedAtMs = runall.time.nowMs;
    runall.conduct();
    await runall.time.passUntil(() => runall.summary.iteration === 3);
    expect(runall.time.nowMs - startedAtMs).toBeGreaterThanOrEqual(1_200_000);
    expect(runall.nodes.map(({ begun }) => begun)).toEqual([2, 2]);
  });

  it('is given up by a conductor that has lost it to another', async () => {
    const runall = new SimulatedRunall(fleet(3), { concurrency: 1 });
    const first = runall.conduct();
    await runall.time.passUntil(() => runall.summary.states.running === 1);
    const second = runall.conduct();
    await runall.time.passUntil(() => first.state.over && second.state.over);
    expect(runall.summary).toMatchObject({ state: 'finished', states: { done: 3 } });
    expect(runall.nodes.every(({ begun }) => begun === 1)).toBe(true);
  });
});

const natures: fc.Arbitrary<PuppetNature> = fc
  .record({
    beginsAfterMs: fc.nat(25_000),
    takesMs: fc.integer({ min: 1, max: 300_000 }),
    latencyMs: fc.oneof({ weight: 9, arbitrary: fc.nat(4000) }, { weight: 1, arbitrary: fc.nat(30_000) }),
    skewMs: fc.integer({ min: -4000, max: 20_000 }),
    failed: fc.nat(2),
    trouble: fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ ownRunMs: fc.nat(200_000) }) },
      { weight: 1, arbitrary: fc.record({ vanishesAtMs: fc.nat(200_000) }) },
      { weight: 1, arbitrary: fc.record({ disabledAfterMs: fc.nat(20_000) }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom({ neverBegins: true }, { disabled: 'why' }, { refuses: 'no' }, { unknown: true }),
      },
    ),
  })
  .map(({ trouble, ...nature }) => ({ ...nature, ...trouble }));

describe('whatever the fleet is like, and whenever its conductor dies', () => {
  it('no node runs twice, there are never too many, and each ends in a state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(natures, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(120),
        fc.nat(90_000),
        async (fleet, concurrency, dieAt, downMs) => {
          const runall = new SimulatedRunall(fleet, { concurrency });
          const own = fleet.filter(({ ownRunMs }) => ownRunMs !== undefined).length;
          const most = watchSlots(runall);
          runall.dieAt = dieAt;
          await runall.toTheEnd(downMs);
          expect(most()).toBeLessThanOrEqual(Math.max(concurrency, own));
          expect(runall.summary.state).toBe('finished');
          expect(runall.rows).toHaveLength(fleet.length);
          for (const { state, reason } of runall.rows) {
            expect(['done', 'skipped']).toContain(state);
            expect(reason === null).toBe(state === 'done');
          }
          for (const { accepted, begun } of runall.nodes) {
            expect(accepted).toBeLessThanOrEqual(1);
            expect(begun).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is picked up at each of its steps, and every node has run once', async () => {
    const whole = new SimulatedRunall(fleet(4), { concurrency: 2 });
    await whole.toTheEnd();
    expect(whole.steps).toBeGreaterThan(20);
    for (let dieAt = 1; dieAt <= whole.steps; dieAt++) {
      const runall = new SimulatedRunall(fleet(4), { concurrency: 2 });
      const most = watchSlots(runall);
      runall.dieAt = dieAt;
      await runall.toTheEnd(5000);
      expect([dieAt, rowsOf(runall), most()]).toEqual([dieAt, ['ok', 'ok', 'ok', 'ok'], 2]);
      expect(runall.nodes.every(({ begun }) => begun === 1)).toBe(true);
    }
  });
});
