import { readFile, rm } from 'node:fs/promises';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { z } from 'zod';
import { writePrivate } from '../secrets/index.ts';
import { markProcess, processIsRunning, stopProcess, type ProcessMark } from './process-mark.ts';

const markSchema = z.object({ pid: z.int(), startTicks: z.number() });
const bookSchema = z.object({ owner: markSchema, processes: z.array(markSchema) });

/** Which processes work on a folder, written down so that a later start finds what a killed owner left behind. */
export interface ProcessBook {
  /** Writes down a process that runs. */
  add(pid: number): Promise<ProcessMark>;
  /** Takes the book off the disk, when all in it have ended. */
  close(): Promise<void>;
}

const graceMs = 15_000;

async function readBook(path: string): Promise<z.infer<typeof bookSchema> | undefined> {
  try {
    return bookSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // No book, or one that was cut short by a crash: nothing is known of earlier processes.
    return undefined;
  }
}

/**
 * Takes possession of a folder by its book of processes. What a dead owner left running is stopped first.
 *
 * Errors: `home.in_use` while another owner lives.
 */
export async function claimProcesses(path: string): Promise<Result<ProcessBook>> {
  const owner = markProcess(process.pid);
  if (owner === undefined) throw new Error('Private processes need Linux: there is no /proc here');
  const earlier = await readBook(path);
  if (earlier !== undefined) {
    if (processIsRunning(earlier.owner)) {
      return fail('home.in_use', `Process ${earlier.owner.pid} works on the folder of ${path}`, {
        mend: 'Stop it first, or use another home.',
      });
    }
    await Promise.all(earlier.processes.map((mark) => stopProcess(mark, graceMs)));
  }
  const processes: ProcessMark[] = [];
  const save = () => writePrivate(path, `${JSON.stringify({ owner, processes })}\n`);
  let saving = save();
  await saving;
  return ok({
    async add(pid) {
      const mark = markProcess(pid);
      if (mark === undefined) throw new Error(`Process ${pid} has ended already`);
      processes.push(mark);
      saving = saving.then(save);
      await saving;
      return mark;
    },
    async close() {
      await saving;
      await rm(path, { force: true });
    },
  });
}
