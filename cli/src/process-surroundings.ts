import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { TextDecoder } from 'node:util';
import { openEngine } from '@muster/client/engine';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { InputKind, Surroundings, TextSink, TextSource } from './surroundings.ts';

const longestInputBytes = 256 * 2 ** 20;

function kindOf(descriptor: number, isTerminal: boolean): InputKind {
  if (isTerminal) return 'terminal';
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() ? 'pipe' : stats.isFile() ? 'file' : 'other';
  } catch {
    return 'other';
  }
}

function sinkOf(stream: NodeJS.WriteStream, descriptor: number, env: NodeJS.ProcessEnv): TextSink {
  const isTerminal = stream.isTTY;
  const plain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    isPipe: kindOf(descriptor, isTerminal) === 'pipe',
    colours: isTerminal && !plain,
    get columns() {
      return isTerminal && stream.columns > 0 ? stream.columns : 80;
    },
  };
}

function decode(chunks: readonly Buffer[]): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    return fail('list.malformed', 'STDIN is not UTF-8');
  }
}

/** Reads to the end; gives up where the first byte does not come in time. */
function readAll(stream: NodeJS.ReadStream, silentAfterMs: number | undefined): Promise<Result<string | null>> {
  const { promise, resolve } = Promise.withResolvers<Result<string | null>>();
  const chunks: Buffer[] = [];
  let size = 0;
  const finish = (result: Result<string | null>) => {
    clearTimeout(silence);
    stream.pause();
    stream.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error');
    resolve(result);
  };
  const silence = silentAfterMs === undefined ? undefined : setTimeout(() => finish(ok(null)), silentAfterMs);
  stream.on('data', (chunk: Buffer) => {
    clearTimeout(silence);
    size += chunk.length;
    if (size > longestInputBytes) finish(fail('list.malformed', 'STDIN is longer than 256 MiB'));
    else chunks.push(chunk);
  });
  stream.on('end', () => finish(decode(chunks)));
  stream.on('error', (error) => finish(fail('list.malformed', `STDIN cannot be read: ${error.message}`)));
  return promise;
}

/** Without raw mode, so that Ctrl-C stays a signal. The end of the input and an interruption mean no. */
async function confirm(question: string, interrupted: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const ended = once(lines, 'close').then(() => '');
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal: interrupted }), ended]);
    return /^\s*y(es)?\s*$/i.test(answer);
  } catch (error) {
    if (interrupted.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}

async function readListedFile(path: string): Promise<Result<string>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    return fail('list.malformed', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The surroundings of a real process. */
export function processSurroundings(version: string, interrupted: AbortSignal): Surroundings {
  const stdin: TextSource = {
    kind: kindOf(0, process.stdin.isTTY),
    readAll: ({ silentAfterMs }) => readAll(process.stdin, silentAfterMs),
  };
  return {
    version,
    env: process.env,
    stdout: sinkOf(process.stdout, 1, process.env),
    stderr: sinkOf(process.stderr, 2, process.env),
    stdin,
    now: Date.now,
    interrupted,
    readFile: readListedFile,
    openEngine: (home) => openEngine({ home, followFleet: false }),
    confirm: (question) => confirm(question, interrupted),
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds);
      return () => clearInterval(timer);
    },
  };
}
