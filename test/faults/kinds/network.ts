import type { Direction, TcpProxy } from '../network/tcp-proxy.ts';
import { consoles, hosts, type FaultKind, type Scene } from './fault-kind.ts';
import { aWhile } from './wait.ts';

interface Party {
  readonly name: string;
  readonly proxy: TcpProxy;
}

/** A fault of the network of one party. */
const onNetwork = (
  name: string,
  whose: 'agent' | 'console',
  work: (scene: Scene, party: Party) => Promise<string>,
): FaultKind => ({
  name,
  inject(scene) {
    const mended = async (party: Party): Promise<string> => {
      try {
        return `${party.name}: ${await work(scene, party)}`;
      } finally {
        party.proxy.heal();
      }
    };
    return whose === 'agent' ? scene.withHost(hosts.any, mended) : scene.withConsole(consoles.any, mended);
  },
});

/** Nothing gets through in one direction, for longer or shorter than it takes to be noticed. */
const cut =
  (direction: Direction) =>
  async (scene: Scene, { proxy }: Party) => {
    proxy.impair(direction, { held: true });
    const ms = await aWhile(scene, 3_000, 25_000);
    const isLost = scene.random() < 0.5;
    if (isLost) proxy.breakConnections();
    return `${direction} cut for ${ms} ms, then ${isLost ? 'the connections were lost' : 'all arrived'}`;
  };

async function halfOpen(scene: Scene, { proxy }: Party): Promise<string> {
  proxy.halfOpen();
  const ms = await aWhile(scene, 3_000, 25_000);
  proxy.breakConnections();
  return `half-open for ${ms} ms`;
}

async function slow(scene: Scene, { proxy }: Party): Promise<string> {
  proxy.impair('fromBroker', { bytesPerSecond: 4_000 });
  return `read 4 kB/s for ${await aWhile(scene, 5_000, 15_000)} ms`;
}

const lossMs = 10_000;

/** What TCP makes of lost packets: pieces come late, by pauses that double with each loss in a row. */
async function packetLoss(scene: Scene, { proxy }: Party): Promise<string> {
  const { random } = scene;
  const delayMs = (): number => {
    let ms = 0;
    for (let again = 200; random() < 0.4 && again < 4000; again *= 2) ms += again;
    return ms;
  };
  proxy.impair('toBroker', { delayMs });
  proxy.impair('fromBroker', { delayMs });
  return `4 of 10 packets lost for ${await aWhile(scene, lossMs, lossMs)} ms`;
}

export const networkFaults: readonly FaultKind[] = (['agent', 'console'] as const).flatMap((whose) => [
  onNetwork(`network cut from ${whose} to broker`, whose, cut('toBroker')),
  onNetwork(`network cut from broker to ${whose}`, whose, cut('fromBroker')),
  onNetwork(`half-open connection of ${whose}`, whose, halfOpen),
  onNetwork(`${whose} reads slowly`, whose, slow),
  onNetwork(`10 s of packet loss at ${whose}`, whose, packetLoss),
]);
