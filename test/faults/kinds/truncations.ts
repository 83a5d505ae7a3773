import { cp, mkdtemp, open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { integer, type Random } from '@muster/build/fleet';
import { hosts, type FaultKind } from './fault-kind.ts';
import { aWhile } from './wait.ts';

/** The agent's journal in its state folder. */
const journalName = 'requests.journal';

/** Records of what an action came to; without them the node says that it was interrupted. */
const afterTheAction = /"kind":"sent"|"kind":"verdict"(?!.*"startedAtMs":null)/;

/**
 * Leaves the journal as a loss of power leaves it: the record that was being written is there in part. A record whose writing had
 * ended is on the disk, so only words that come after the action are cut short; else a torn record is added.
 */
async function tear(file: string, random: Random): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const last = lines.at(-1);
  if (last === undefined) return 'the journal was empty';
  const kept = integer(random, 0, last.length);
  if (afterTheAction.test(last)) {
    await truncate(file, Buffer.byteLength(text) - 1 - Buffer.byteLength(last) + kept);
    return `${kept} of ${last.length} bytes of the last record left`;
  }
  const torn = await open(file, 'a');
  try {
    await torn.appendFile(last.slice(0, kept));
  } finally {
    await torn.close();
  }
  return `a record of ${kept} bytes added`;
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

const tornJournal: FaultKind = {
  name: 'journal cut short',
  inject: (scene) =>
    scene.withHost(hosts.isProcess, async (host) => {
      try {
        await host.kill();
        const story = await tear(join(host.stateFolder, journalName), scene.random);
        return `${host.name}: ${story}, started after ${await aWhile(scene, 0, 1000)} ms`;
      } finally {
        await host.start();
      }
    }),
};

/** Files whose last record did not get to the disk as a whole. */
export const truncations: readonly FaultKind[] = [
  tornJournal,
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
