import '../../src/app/configure-zod.ts';
import { startWindow } from '../../src/app/start-window.ts';
import { systemClock } from '../../src/ui/clock.ts';
import { FakeEngine } from '../fake-engine.ts';

declare global {
  interface Window {
    /** For whoever drives the page: to change what happens to the fleet. */
    engine?: FakeEngine;
  }
}

const params = new URLSearchParams(window.location.search);
const nowMs = () => systemClock.now();
const engine = new FakeEngine({
  nodes: Number(params.get('nodes') ?? 240),
  nowMs,
  startTimer: (ms, run) => systemClock.after(ms, run),
});
window.engine = engine;

async function fillHistory(): Promise<void> {
  const orders = [
    { agent: 'rpcutil', action: 'ping', inputs: {}, target: { kind: 'filter', filter: '' } },
    {
      agent: 'service',
      action: 'restart',
      inputs: { service: 'nginx', mode: 'graceful' },
      target: { kind: 'filter', filter: 'role=web and datacenter=fra' },
    },
    {
      agent: 'rpcutil',
      action: 'inventory',
      inputs: {},
      target: { kind: 'nodes', identities: engine.nodes.slice(0, 3).map(({ identity }) => identity) },
    },
    {
      agent: 'rpcutil',
      action: 'get_fact',
      inputs: { fact: 'os' },
      target: { kind: 'filter', filter: 'os.family=Debian' },
    },
    {
      agent: 'package',
      action: 'status',
      inputs: { package: 'nginx' },
      target: { kind: 'nodes', identities: engine.nodes.slice(0, 25).map(({ identity }) => identity) },
    },
  ];
  for (const order of orders) await engine.transport('runs.start', order);
  for (const run of engine.runs) run.advance(run.results.length, nowMs() + 640);
}

if (params.get('history') !== 'none') await fillHistory();
async function fillRunalls(): Promise<void> {
  const target = { kind: 'filter', filter: '' } as const;
  await engine.transport('runalls.start', { target, concurrency: 12, options: { noop: true } });
  for (let step = 0; step < 3000 && engine.puppet.advance(); step++);
  await engine.transport('runalls.start', { target, concurrency: 8, options: {} });
  for (let step = 0; step < 60; step++) engine.puppet.advance();
}

if (params.get('runalls') !== 'none') await fillRunalls();
systemClock.every(700, () => void engine.puppet.advance());
// Answers of new runs arrive bit by bit.
systemClock.every(120, () => {
  const open = engine.runs.filter(({ finishedAtMs }) => finishedAtMs === null);
  for (const run of open) run.advance(4, nowMs());
  if (open.length > 0) engine.changed();
});

const page = document.querySelector('#app');
if (page !== null) startWindow(page, engine.transport);
