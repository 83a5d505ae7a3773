import { integer, pick } from '@muster/build/fleet';
import type { Direction } from '../network/tcp-proxy.ts';
import type { AgentHost } from '../world/agents.ts';
import { hosts, type FaultKind, type Scene } from './fault-kind.ts';
import { aWhile, within } from './wait.ts';

/** Asks the only node of a host for an execution; gives its token. */
async function askFor(
  scene: Scene,
  host: AgentHost,
  action: string,
  inputs: Record<string, string | number>,
): Promise<string> {
  const { load, world, random } = scene;
  const [identity = ''] = host.identities;
  const token = load.newToken();
  const [first, ...others] = world.consoles.filter(({ isUp }) => isUp);
  if (first === undefined) return token;
  const target = { kind: 'nodes' as const, identities: [identity] };
  await load.insist(pick(random, [first, ...others]), {
    agent: 'ledger',
    action,
    inputs: { token, ...inputs },
    target,
    ttlMs: 20_000,
  });
  return token;
}

/** Whether the node's ledger got the line of a token in time. */
const executed = ({ world }: Scene, host: AgentHost, token: string, limitMs = 20_000): Promise<boolean> =>
  within(limitMs, async () => {
    const [identity = ''] = host.identities;
    return (await world.ledgerOf(identity)).some((line) => line.includes(`"token":"${token}"`));
  });

async function killAndStart(scene: Scene, host: AgentHost): Promise<void> {
  await host.kill();
  await aWhile(scene, 0, 3000);
  await host.start();
}

const killing = (
  name: string,
  prepare: (scene: Scene, host: AgentHost) => Promise<string>,
  suits: (host: AgentHost) => boolean = hosts.isProcess,
): FaultKind => ({
  name,
  ...(suits === hosts.isWorker ? { needs: 'emulation' } : {}),
  inject: (scene) =>
    scene.withHost(suits, async (host) => {
      try {
        const story = await prepare(scene, host);
        await host.kill();
        host.proxy.heal();
        await killAndStart(scene, host);
        return `${host.name}: ${story}`;
      } finally {
        host.proxy.heal();
        await host.start();
      }
    }),
});

const pausedMs = 4000;
const shortMs = 1200;

/** Lets an action end while nothing gets through in one direction: its outcome is in the journal, and the way is shut. */
async function endedBehind(scene: Scene, host: AgentHost, direction: Direction): Promise<string> {
  const token = await askFor(scene, host, 'slow', { ms: shortMs, write: 'first' });
  const began = await executed(scene, host, token);
  host.proxy.impair(direction, { held: true });
  const heldMs = await aWhile(scene, shortMs, shortMs + 1200);
  return `${token} ${began ? 'had begun' : 'did not begin in time'}, ${direction} held for ${heldMs} ms`;
}

/** kill -9 of agents, at each stage of a request. */
export const agentKills: readonly FaultKind[] = [
  killing('agent killed before the action', async (scene, host) => {
    host.signal('SIGSTOP');
    const token = await askFor(scene, host, 'quick', {});
    return `${token} waited ${await aWhile(scene, 200, 1500)} ms in a stopped agent`;
  }),
  killing('agent killed during the action', async (scene, host) => {
    const token = await askFor(scene, host, 'slow', { ms: pausedMs, write: 'first' });
    const began = await executed(scene, host, token);
    return `${token} ${began ? 'had begun' : 'did not begin in time'}, killed after ${await aWhile(scene, 0, pausedMs / 2)} ms`;
  }),
  killing('agent killed after the action', async (scene, host) => {
    const token = await askFor(scene, host, 'slow', { ms: 300, write: 'last' });
    return `${token} ${(await executed(scene, host, token)) ? 'had just ended' : 'did not end in time'}`;
  }),
  killing('agent killed between journal and reply', (scene, host) => endedBehind(scene, host, 'toBroker')),
  killing('agent killed before the confirm of its reply', (scene, host) => endedBehind(scene, host, 'fromBroker')),
  killing('agent killed at any moment', async (scene, host) => {
    const token = await askFor(scene, host, 'slow', { ms: integer(scene.random, 0, 2000), write: 'last' });
    return `${token}, killed after ${await aWhile(scene, 0, 3000)} ms`;
  }),
  killing(
    'process of many agents killed',
    async (scene) => `killed after ${await aWhile(scene, 0, 1000)} ms`,
    hosts.isWorker,
  ),
];
