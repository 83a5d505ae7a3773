import { consoles, hosts, type FaultKind } from './fault-kind.ts';
import { aWhile } from './wait.ts';
import type { TinyDisk } from '../world/tiny-disk.ts';

async function full(disk: TinyDisk | null, fullFor: () => Promise<number>): Promise<string> {
  if (disk === null) return 'it has no small disk';
  try {
    await disk.fill();
    return `full for ${await fullFor()} ms`;
  } finally {
    await disk.free();
  }
}

/** The disk of journal or database has no room. */
export const fullDisks: readonly FaultKind[] = [
  {
    name: 'disk full on a node',
    needs: 'disks',
    inject: (scene) =>
      scene.withHost(hosts.hasDisk, async (host) => {
        const isKilled = scene.random() < 0.3;
        const story = await full(host.disk, async () => {
          const ms = await aWhile(scene, 2000, 8000);
          if (!isKilled) return ms;
          await host.kill();
          await host.start();
          return ms + (await aWhile(scene, 1000, 4000));
        });
        return `${host.name}: ${story}${isKilled ? ', and killed meanwhile' : ''}`;
      }),
  },
  {
    name: 'disk full on a console',
    needs: 'disks',
    inject: (scene) =>
      scene.withConsole(consoles.hasDisk, async (console) => {
        const isKilled = scene.random() < 0.3;
        const story = await full(console.disk, async () => {
          const ms = await aWhile(scene, 2000, 8000);
          if (!isKilled) return ms;
          await console.kill();
          await console.start();
          return ms + (await aWhile(scene, 1000, 4000));
        });
        return `${console.name}: ${story}${isKilled ? ', and killed meanwhile' : ''}`;
      }),
  },
];
