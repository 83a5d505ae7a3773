import { integer, type Random } from '@muster/build/fleet';
import type { RunOrder } from '@muster/protocol/bridge';
import { tokenOf } from '../load/orders.ts';
import type { FromConsole } from '../load/console-messages.ts';
import type { Console } from '../world/console.ts';
import { consoles, type FaultKind, type Scene } from './fault-kind.ts';
import { aWhile, within } from './wait.ts';

type Run = Extract<FromConsole, { kind: 'change' }>['run'];

const nodesAsked = 8;
/** How long a run may take to reach a stage: the broker may have to come back before. */
const stageMs = 45_000;

/** A request that lasts long enough for a console to be killed at each of its stages. */
function longOrder({ load, world, random }: Scene, action: string): RunOrder {
  const start = integer(random, 0, Math.max(0, world.identities.length - nodesAsked));
  return {
    agent: 'ledger',
    action,
    inputs: { token: load.newToken(), ms: integer(random, 500, 3000), write: 'last' },
    target: { kind: 'nodes', identities: world.identities.slice(start, start + nodesAsked) },
    ttlMs: 20_000,
  };
}

/** Kills the console as soon as its run has reached a stage, and opens it again. */
const killedWhen = (
  name: string,
  stage: (run: Run) => boolean,
  chooseNodes: (order: RunOrder, random: Random) => RunOrder = (order) => order,
): FaultKind => ({
  name,
  inject: (scene) =>
    scene.withConsole(consoles.isUp, async (console) => {
      const order = chooseNodes(longOrder(scene, 'slow'), scene.random);
      const token = tokenOf(order.inputs);
      let isReached = false;
      const stop = console.onChange(({ run }) => (isReached ||= stage(run)));
      try {
        void scene.load.insist(console, order);
        const reached = await within(stageMs, () => isReached);
        await console.kill();
        return `${console.name}, given ${token}: ${reached ? 'a run was there' : 'no run got there'}, down for ${await aWhile(scene, 0, 4000)} ms`;
      } finally {
        stop();
        await console.start();
      }
    }),
});

async function killSoon(scene: Scene, console: Console): Promise<string> {
  const order = longOrder(scene, 'quick');
  const taken = scene.load.order(console, order);
  const afterMs = await aWhile(scene, 0, 40);
  await console.kill();
  await taken;
  await aWhile(scene, 0, 2000);
  await console.start();
  return `${console.name}: ${tokenOf(order.inputs)}, killed after ${afterMs} ms`;
}

/** kill -9 of consoles, at each stage of a run. */
export const consoleKills: readonly FaultKind[] = [
  {
    name: 'console killed while it takes an order',
    inject: (scene) => scene.withConsole(consoles.isUp, (console) => killSoon(scene, console)),
  },
  killedWhen(
    'console killed while it looks for nodes',
    ({ state }) => state === 'discovering',
    (order) => ({
      ...order,
      target: { kind: 'filter', filter: 'role=db' },
    }),
  ),
  killedWhen('console killed while it sends', ({ state }) => state === 'running'),
  killedWhen('console killed while answers arrive', ({ responses }) => responses > 0),
  killedWhen('console killed when the run has ended', ({ state }) => state === 'finished'),
  killedWhen(
    'console killed between batches',
    ({ responses }) => responses >= 2,
    (order) => ({
      ...order,
      batch: { size: { unit: 'nodes', amount: 2 }, sleepMs: 1000 },
    }),
  ),
  {
    name: 'command line killed',
    async inject(scene) {
      const { load, world, random } = scene;
      const [console] = world.consoles;
      const identities = world.identities.slice(0, 4).flatMap((identity) => ['-I', identity]);
      const token = load.newToken();
      if (console === undefined) return 'there is no console';
      const words = [
        'rpc',
        'ledger',
        'slow',
        `token=${token}`,
        'ms=1500',
        'write=last',
        ...identities,
        '--yes',
        '--json',
      ];
      const program = await console.command(words);
      const afterMs = integer(random, 300, 4000);
      await within(afterMs, () => !program.isRunning);
      program.signal('SIGKILL');
      await program.ended;
      return `${console.name}: ${token}, killed after ${afterMs} ms`;
    },
  },
];
