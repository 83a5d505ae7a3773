import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, browser, expect } from '@wdio/globals';
import { holdConsole } from '../console-session.ts';
import { complaintsOfBrowser } from '../page-health.ts';
import { rolloutPage } from '../rollout-page.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

/** Process numbers of the fleet's agents, by identity. */
function agentPids(): Readonly<Record<string, number>> {
  const ready = JSON.parse(readFileSync(join(surroundings().home, 'fleet.json'), 'utf8')) as {
    pids: { agents: Record<string, number> }; // what the fleet writes there
  };
  return ready.pids.agents;
}

const slowly = { batch: { size: '5', sleep: '1 h' } } as const;

describe('a run that goes over the fleet little by little', () => {
  const held = holdConsole();
  const folder = mkdtempSync(join(tmpdir(), 'muster-rollout-'));
  const file = join(folder, 'there');
  const asleep = new Set<number>();

  before(() => windowPage.open(held.link(), fleetSize));
  afterEach(async () => {
    for (const pid of asleep) process.kill(pid, 'SIGCONT');
    asleep.clear();
    expect(await complaintsOfBrowser()).toEqual([]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds after its canary, goes on at a word, and stops when more nodes fail than may', async () => {
    writeFileSync(file, '');
    await rolloutPage.start(
      'filemgr.status',
      { file },
      { canaries: '2', batch: { size: '5', sleep: '0' }, mayFail: '2' },
    );
    await rolloutPage.holdBecomes('canary');
    await expect($(parts.runNote('canary'))).toHaveText(/2 canaries are OK/);
    expect(await rolloutPage.nodesIn('queued')).toBe(fleetSize - 2);

    rmSync(file);
    await $(parts.canaryGoOn).click();
    await rolloutPage.stateBecomes('stopped');
    await expect($(parts.fault)).toHaveAttribute('data-code', 'run.too_many_errors');
    expect([
      await rolloutPage.nodesIn('ok'),
      await rolloutPage.nodesIn('failed'),
      await rolloutPage.nodesIn('skipped'),
    ]).toEqual([2, 5, fleetSize - 7]);
  });

  it('is paused and goes on', async () => {
    await rolloutPage.start('rpcutil.get_fact', { fact: 'os' }, { batch: { size: '5', sleep: '4 s' } });
    await rolloutPage.holdBecomes('sleep');
    await $(parts.runTool('pause')).click();
    await rolloutPage.stateBecomes('paused');
    await expect($(parts.runNote('paused'))).toBeDisplayed();
    await $(parts.runTool('resume')).click();
    await rolloutPage.stateBecomes('finished');
    expect(await rolloutPage.nodesIn('ok')).toBe(fleetSize);
  });

  it('is cancelled, and asks no further node', async () => {
    await rolloutPage.start('rpcutil.get_fact', { fact: 'os' }, slowly);
    await rolloutPage.holdBecomes('sleep');
    await rolloutPage.end('cancel');
    await rolloutPage.stateBecomes('cancelled');
    expect([await rolloutPage.nodesIn('ok'), await rolloutPage.nodesIn('cancelled')]).toEqual([5, fleetSize - 5]);
  });

  it('outlives the console, and is told of when the next one starts', async () => {
    await rolloutPage.start('rpcutil.get_fact', { fact: 'os' }, { batch: { size: '5', sleep: '3 s' } });
    await rolloutPage.holdBecomes('sleep');
    await held.restart();
    await windowPage.open(held.link(), fleetSize);
    // The page before asked a console that was gone.
    await complaintsOfBrowser();
    await windowPage.goTo('history');
    await $(parts.historyRow).click();
    await rolloutPage.stateBecomes('finished');
    expect(await rolloutPage.nodesIn('ok')).toBe(fleetSize);
  });

  it('waits for a node that is away until it is back', async () => {
    // The inventory has to know that the node has the agent.
    await windowPage.goTo('fleet');
    await windowPage.typeFilter('@agent=rpcutil');
    await windowPage.countBecomes(fleetSize, fleetSize);
    const [pid] = Object.values(agentPids());
    if (pid === undefined) throw new Error('The fleet has no agents');
    asleep.add(pid);
    process.kill(pid, 'SIGSTOP');
    await rolloutPage.start('rpcutil.get_fact', { fact: 'os' }, { awayFor: '1 h', delivery: '3 s' });
    await browser.waitUntil(async () => (await rolloutPage.nodesIn('waiting')) === 1, { timeout: 60_000 });
    await expect($(parts.runWaiting)).toHaveText(/away and gets it until/);
    process.kill(pid, 'SIGCONT');
    asleep.delete(pid);
    await rolloutPage.stateBecomes('finished');
    expect(await rolloutPage.nodesIn('ok')).toBe(fleetSize);
  });
});
