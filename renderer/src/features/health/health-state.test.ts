import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { HealthState } from './health-state.svelte.ts';

const hourMs = 3_600_000;

async function openHealth() {
  const rig = createWindowRig(30);
  const health = new HealthState(rig.bridge, rig.clock);
  await rig.settled();
  return { ...rig, health };
}

it('reads its figures anew as time goes by, and the list behind one with them', async () => {
  const { health, engine, clock, settled } = await openHealth();
  const silent = health.health?.fleet.counts.silent ?? 0;
  health.show({ aspect: 'silent', version: null });
  await settled();
  expect(health.rows.total).toBe(silent);
  expect(silent).toBeLessThan(30);
  clock.move(hourMs);
  await settled();
  expect(health.health?.fleet.counts).toMatchObject({ heard: 0, silent: 30 });
  expect(health.rows.total).toBe(30);
  expect(health.rows.row(29)?.identity).toBe(engine.health.nodes.at(-1)?.identity);
  health.dispose();
  expect(clock.pending).toBe(0);
});

it('selects all behind a figure, or from one to another, and forgets them with the figure', async () => {
  const { health, engine, clock, settled } = await openHealth();
  for (const node of engine.health.nodes) node.lastSeenMs = clock.now();
  const [first, second, third] = engine.health.nodes.map(({ identity }) => identity);
  health.show({ aspect: 'heard', version: null });
  await settled();
  expect(await health.identities()).toHaveLength(30);
  expect(await health.identitiesBetween(0, 2)).toEqual([first, second, third]);
  await health.selectAll();
  expect(health.selection.size).toBe(30);
  health.selection.replace([third ?? '']);
  expect(await health.identities()).toEqual([third]);
  health.show({ aspect: 'heard', version: null });
  expect(health.selection.size).toBe(1);
  health.show({ aspect: 'silent', version: null });
  expect(health.selection.size).toBe(0);
  health.dispose();
});

it('names those that nobody has heard of, and has no list of them', async () => {
  const { health, engine, clock, settled } = await openHealth();
  engine.health.missing = ['ghost.example.com'];
  clock.move(hourMs);
  await settled();
  health.show({ aspect: 'missing', version: null });
  await settled();
  expect(await health.identities()).toEqual(['ghost.example.com']);
  expect(await health.identitiesBetween(0, 5)).toEqual([]);
  await health.selectAll();
  expect(health.selection.size).toBe(0);
  health.dispose();
});
