import { open, type FileHandle } from 'node:fs/promises';
import { logSeverities, type EndpointParams, type EndpointResult, type LogLine } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { z } from 'zod';

/** How much of the end of the file is read, in bytes. */
const tailBytes = 2 * 1024 * 1024;

const lineSchema = z
  .looseObject({ level: z.enum(logSeverities), time: z.iso.datetime(), msg: z.string().default('') })
  .catchall(z.json());

/** The names that every line has, and that say nothing of the event. */
const ownNames = new Set(['level', 'time', 'msg', 'name', 'pid', 'hostname']);

/** The newest lines of the console's log that fit. A log that is not there yet has none. Fault: `file.unreadable`. */
export async function readLog(
  file: string,
  { level, search, limit }: EndpointParams<'console.log'>,
): Promise<Result<EndpointResult<'console.log'>>> {
  const tail = await readTail(file);
  if (!tail.ok) return tail;
  const worstFirst = logSeverities.indexOf(level);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const lines: LogLine[] = [];
  for (const text of tail.value.lines.toReversed()) {
    const line = readLine(text);
    const lower = text.toLowerCase();
    if (logSeverities.indexOf(line.level) > worstFirst || !words.every((word) => lower.includes(word))) continue;
    if (lines.length === limit) return ok({ lines, isCut: true });
    lines.push(line);
  }
  return ok({ lines, isCut: tail.value.isCut });
}

async function readTail(file: string): Promise<Result<{ lines: readonly string[]; isCut: boolean }>> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    const start = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    // The first line may have lost its beginning.
    return ok({ lines: lines.slice(start === 0 ? 0 : 1).filter((line) => line !== ''), isCut: start > 0 });
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return ok({ lines: [], isCut: false });
    return fail('file.unreadable', `Cannot read ${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  } finally {
    await handle?.close();
  }
}

/** A line that is not what the console writes, such as the message of a crash, is shown as it stands. */
function readLine(text: string): LogLine {
  try {
    const { time, level, msg, ...rest } = lineSchema.parse(JSON.parse(text));
    const about = Object.fromEntries(Object.entries(rest).filter(([name]) => !ownNames.has(name)));
    return { atMs: Date.parse(time), level, message: msg, about };
  } catch {
    return { atMs: null, level: 'error', message: text, about: {} };
  }
}
