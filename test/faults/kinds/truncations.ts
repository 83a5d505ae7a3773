import { cp, mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { integer, type Random } from '@muster/build/fleet';
import { hosts, type FaultKind } from './fault-kind.ts';
import { aWhile } from './wait.ts';

/** The agent's journal in its state folder. */
const journalName = 'requests.journal';

/** Cuts the journal short anywhere in its last record, or takes all of that off. */
async function cutLastRecord(file: string, random: Random): Promise<string> {
  const text = (await readFile(file, 'latin1').catch(() => '')).replace(/\0+$/, '');
  const last = text
    .split('\n')
    .filter((line) => line !== '')
    .at(-1);
  if (last === undefined) return 'the journal was empty';
  const kept = integer(random, 0, last.length);
  await truncate(file, text.length - 1 - last.length + kept);
  return `${kept} of ${last.length} bytes of the last record left`;
}

/** The runs that a database knows, by a copy of it. */
async function runIdsOf(database: string): Promise<Set<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-faults-copy-'));
  try {
    await cp(database, join(folder, 'copy.db'));
    await cp(`${database}-wal`, join(folder, 'copy.db-wal'));
    const copy = new DatabaseSync(join(folder, 'copy.db'));
    try {
      return new Set(
        copy
          .prepare('SELECT run_id FROM runs')
          .all()
          .map((row) => String(row['run_id'])),
      );
    } finally {
      copy.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

const walHeaderBytes = 32;
const frameHeaderBytes = 24;

/** Cuts the last frame of a write-ahead log short. Gives the runs that this cut off. */
async function cutLastFrame(database: string, random: Random): Promise<{ story: string; lost: readonly string[] }> {
  const wal = `${database}-wal`;
  const { size } = await stat(wal).catch(() => ({ size: 0 }));
  if (size <= walHeaderBytes) return { story: 'the log was empty', lost: [] };
  const before = await runIdsOf(database);
  const header = await readFile(wal);
  const frameBytes = frameHeaderBytes + header.readUInt32BE(8);
  const frames = Math.floor((size - walHeaderBytes) / frameBytes);
  const kept = integer(random, 0, frameBytes - 1);
  await truncate(wal, walHeaderBytes + Math.max(0, frames - 1) * frameBytes + kept);
  const after = await runIdsOf(database);
  return {
    story: `${kept} of ${frameBytes} bytes of frame ${frames} left`,
    lost: [...before].filter((runId) => !after.has(runId)),
  };
}

const cutJournal: FaultKind = {
  name: 'journal cut short',
  inject: (scene) =>
    scene.withHost(hosts.isProcess, async (host) => {
      try {
        await host.kill();
        const story = await cutLastRecord(join(host.stateFolder, journalName), scene.random);
        return `${host.name}: ${story}, started after ${await aWhile(scene, 0, 1000)} ms`;
      } finally {
        await host.start();
      }
    }),
};

/** Files whose last record did not get to the disk as a whole. */
export const truncations: readonly FaultKind[] = [
  cutJournal,
  {
    name: 'write-ahead log cut short',
    inject: (scene) =>
      scene.withConsole(
        ({ takesCommands, isUp }) => !takesCommands && isUp,
        async (console) => {
          try {
            await console.kill();
            const { story, lost } = await cutLastFrame(join(console.home, 'data', 'muster.db'), scene.random);
            for (const runId of lost) scene.cutOff.add(runId);
            return `${console.name}: ${story}, ${lost.length} runs cut off`;
          } finally {
            await console.start();
          }
        },
      ),
  },
];
