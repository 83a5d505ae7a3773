import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { RunOrder } from '@muster/protocol/bridge';
import { actionSchema } from '@muster/protocol/ddl';
import { runMuster } from '../../../cli/src/program.ts';
import { memoryWorld } from '../../../cli/src/testing/memory-surroundings.ts';
import { smallFleet } from '../../../cli/src/testing/small-fleet.ts';
import { plainRollout, type RolloutDraft } from '../../../renderer/src/features/rollout/rollout-draft.ts';
import { rolloutFlags } from '../../../renderer/src/features/rollout/rollout-flags.ts';
import { readRollout } from '../../../renderer/src/features/rollout/rollout-plan.ts';
import { commandLine } from '../../../renderer/src/features/target-card/command-line.ts';

const action = actionSchema.parse({ name: 'ping', description: '', effect: 'read', inputs: {} });
/** The clock of the scripted console when a command begins, in milliseconds. */
const nowMs = 1_700_000_000_000;

/** What a roll-out of the window orders, and the command that shall do the same. */
function windowSays(draft: Partial<RolloutDraft>): { readonly plan: Partial<RunOrder>; readonly command: string } {
  const rollout = { ...plainRollout, ...draft };
  const { plan } = readRollout(rollout, nowMs);
  if (plan === null) throw new Error('the roll-out is wrong');
  const command = commandLine({
    agent: 'rpcutil',
    action,
    inputs: {},
    target: { kind: 'filter', filter: 'os.name=Debian or @identity=web1' },
    timeoutSeconds: null,
    rollout: rolloutFlags(plan, rollout.away === 'while' ? nowMs : null),
  });
  return { plan, command };
}

/** The words of a command, as a shell takes them apart. */
const wordsOf = (command: string): readonly string[] =>
  execFileSync('sh', ['-c', `set -- ${command}; printf '%s\\0' "$@"`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

/** What the command line orders for the same. */
async function commandOrders(command: string): Promise<Partial<RunOrder>> {
  const engine = smallFleet();
  const { surroundings, stderr } = memoryWorld({ engine });
  const [program, ...words] = wordsOf(command);
  expect(program).toBe('muster');
  expect([await runMuster(words, surroundings), stderr.text().includes('muster:')]).toEqual([0, false]);
  const { batch, rollout, untilMs, deliveryMs, target } = engine.orders[0] ?? {};
  expect(target).toEqual({ kind: 'filter', filter: 'os.name=Debian or @identity=web1' });
  return Object.fromEntries(
    Object.entries({ batch, rollout, untilMs, deliveryMs }).filter(([, value]) => value !== undefined),
  );
}

describe('the command that the window shows for a roll-out orders the same', () => {
  it.each<[string, Partial<RolloutDraft>, string]>([
    ['for none', {}, "muster rpc rpcutil ping -S 'os.name=Debian or @identity=web1'"],
    ['for a canary', { hasCanary: true, canarySize: '10 %', holds: false }, '--canary 10%'],
    ['for one that holds', { hasCanary: true, canarySize: '2' }, '--canary 2 --canary-hold'],
    ['for batches', { pace: 'batches', batchSize: '25 %', batchSleep: '1.5 min' }, '--batch 25% --batch-sleep 90'],
    ['for the usual pause', { pace: 'batches', batchSize: '3', batchSleep: '1 s' }, '--batch 3'],
    ['for no pause', { pace: 'batches', batchSize: '3', batchSleep: '0' }, '--batch 3 --batch-sleep 0'],
    ['for a window', { pace: 'window', windowSize: '10' }, '--concurrency 10'],
    ['for a threshold', { mayFail: '0', isLocked: true }, '--max-errors 0 --one-at-a-time'],
    ['for a share', { mayFail: '5 %', delivery: '0.5' }, '--max-errors 5% --delivery-timeout 0.5'],
    ['for a while', { away: 'while', awayFor: '1.5 d' }, '--until 1d12h'],
    ['for a time', { away: 'until', awayUntil: '2023-11-20T18:00' }, '--until 2023-11-'],
  ])('%s', async (_what, draft, flags) => {
    const { plan, command } = windowSays(draft);
    expect(command).toContain(flags);
    const { untilMs, ...ordered } = await commandOrders(command);
    const { untilMs: wanted, ...rest } = plan;
    expect(ordered).toEqual(rest);
    // The scripted clock moves on each time that it is looked at.
    if (wanted === undefined || draft.away === 'until') expect(untilMs).toBe(wanted);
    else expect(untilMs).toBeCloseTo(wanted, -3);
  });
});
