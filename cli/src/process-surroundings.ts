import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, fstatSync } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { openEngine } from '@muster/client/engine';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { AskPassphrase } from '@muster/runtime/keys';
import { readPolicyFolder } from '@muster/runtime/policies';
import { hasCode } from '@muster/runtime/files';
import { readFolder } from './plugins/read-folder.ts';
import type { BackgroundRun, InputKind, Surroundings, TextSink, TextSource, WriteOptions } from './surroundings.ts';

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
    async drained() {
      if (stream.writableNeedDrain) await once(stream, 'drain');
    },
    isTerminal,
    isPipe: kindOf(descriptor, isTerminal) === 'pipe',
    colours: isTerminal && !plain,
    get columns() {
      return isTerminal && stream.columns > 0 ? stream.columns : 80;
    },
  };
}

function decode(chunks: readonly Buffer[], source: string): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    return fail('list.malformed', `${source} is not UTF-8`);
  }
}

const tooLong = (source: string, bytes: number) =>
  fail('list.malformed', `${source} is longer than ${bytes / 2 ** 20} MiB`);

/** Reads to the end; gives up where the first byte does not come in time. */
function readAll(
  stream: NodeJS.ReadStream,
  silentAfterMs: number | undefined,
  longestBytes: number,
): Promise<Result<string | null>> {
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
    if (size > longestBytes) finish(tooLong('STDIN', longestBytes));
    else chunks.push(chunk);
  });
  stream.on('end', () => finish(decode(chunks, 'STDIN')));
  stream.on('error', (error) => finish(fail('list.malformed', `STDIN cannot be read: ${error.message}`)));
  return promise;
}

/** Without raw mode, so that Ctrl-C stays a signal. The end of the input and an interruption mean null. */
async function ask(question: string, interrupted: AbortSignal): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const ended = once(lines, 'close').then(() => null);
  try {
    return await Promise.race([lines.question(`${question} `, { signal: interrupted }), ended]);
  } catch (error) {
    if (interrupted.aborted) return null;
    throw error;
  } finally {
    lines.close();
  }
}

/** Everything but a clear yes means no. */
async function confirm(question: string, interrupted: AbortSignal): Promise<boolean> {
  return /^\s*y(es)?\s*$/i.test((await ask(`${question} [y/N]`, interrupted)) ?? '');
}

/** Lines are edited as usual, in raw mode, and shown to nobody. Ctrl-C and the end of the input mean null. */
async function askSecret(prompt: string, interrupted: AbortSignal): Promise<string | null> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  // Not before the terminal shows nothing any more: who is asked begins to type.
  process.stderr.write(`${prompt}: `);
  const given = new AbortController();
  const stop = () => given.abort();
  line.on('SIGINT', stop).on('close', stop);
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    if (interrupted.aborted) stop();
    return await line.question('', { signal: given.signal });
  } catch (error) {
    if (given.signal.aborted) return null;
    throw error;
  } finally {
    interrupted.removeEventListener('abort', stop);
    line.close();
    process.stderr.write('\n');
  }
}

/** As a stream, so that pipes such as `<(command)` do as well and nothing is read beyond the limit. */
async function readTextFile(path: string, longestBytes: number): Promise<Result<string>> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      // without an encoding, streams give buffers
      size += chunk.length;
      if (size > longestBytes) return tooLong(path, longestBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    return fail('list.malformed', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return decode(chunks, path);
}

async function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  { replace, executable = false, secret = false }: WriteOptions,
): Promise<Result<void>> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // What is written over keeps its mode, by which others might read a secret.
    if (secret && replace) await rm(path, { force: true });
    const mode = secret ? 0o600 : executable ? 0o755 : 0o644;
    await writeFile(path, content, { flag: replace && !secret ? 'w' : 'wx', mode });
    return ok(undefined);
  } catch (error) {
    const exists = hasCode(error, 'EEXIST');
    const reason = exists ? 'it is there already' : error instanceof Error ? error.message : String(error);
    const mend = exists ? { mend: 'Say --replace to write over it.' } : {};
    return fail('file.unwritable', `${path} cannot be written: ${reason}`, mend);
  }
}

/**
 * In a session of its own, so that no terminal takes it along; its arguments tell the run and the home, which are no secrets. The passphrase goes
 * through a pipe.
 */
async function conductInBackground(
  { runId, home, dataFolder }: BackgroundRun,
  passphrase: string | null,
): Promise<Result<void>> {
  const [, entry = ''] = process.argv;
  try {
    await using log = await open(join(dataFolder, 'console.log'), 'a', 0o600);
    const args = [...process.execArgv, entry, 'runs', 'attach', runId, '--background', '--home', resolve(home)];
    const secret = passphrase === null ? [] : ['--passphrase-file', '-'];
    const child = spawn(process.execPath, [...args, ...secret], {
      detached: true,
      stdio: [passphrase === null ? 'ignore' : 'pipe', 'ignore', log.fd],
    });
    await once(child, 'spawn');
    if (passphrase !== null) await handOver(child.stdin, passphrase);
    child.unref();
    return ok(undefined);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail('internal', `No process can be started in the background: ${reason}`);
  }
}

/** Writes all of it; a child that has ended already says why in its log. */
function handOver(stdin: Writable | null, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (stdin === null) return resolve();
    stdin.once('error', () => resolve());
    stdin.end(text, () => resolve());
  });
}

/** Remembers what was given last. */
function overheard(ask: AskPassphrase | undefined, hear: (passphrase: string | null) => void) {
  if (ask === undefined) return undefined;
  const told: AskPassphrase = async (about) => {
    const given = await ask(about);
    if (given.ok) hear(given.value);
    return given;
  };
  return told;
}

/** The surroundings of a real process. */
export function processSurroundings(version: string, interrupted: AbortSignal): Surroundings {
  let lastPassphrase: string | null = null;
  const stdin: TextSource = {
    kind: kindOf(0, process.stdin.isTTY),
    readAll: ({ silentAfterMs, longestBytes = longestInputBytes }) =>
      readAll(process.stdin, silentAfterMs, longestBytes),
  };
  return {
    version,
    env: process.env,
    stdout: sinkOf(process.stdout, 1, process.env),
    stderr: sinkOf(process.stderr, 2, process.env),
    stdin,
    now: Date.now,
    runningMs: () => performance.now(),
    interrupted,
    readFile: (path, { longestBytes = longestInputBytes } = {}) => readTextFile(path, longestBytes),
    readFolder,
    readPolicies: readPolicyFolder,
    writeFile: writeWholeFile,
    openEngine(home, { offline = false, readOnly = false, serveSchedules = false, passphrase, askPassphrase } = {}) {
      const hear = (given: string | null) => (lastPassphrase = given);
      const [known, asked] = [overheard(passphrase, hear), overheard(askPassphrase, hear)];
      return openEngine({
        home,
        followFleet: false,
        offline,
        readOnly,
        serveSchedules,
        ...(known === undefined ? {} : { passphrase: known }),
        ...(asked === undefined ? {} : { askPassphrase: asked }),
      });
    },
    conductInBackground: (run) => conductInBackground(run, lastPassphrase),
    confirm: (question) => confirm(question, interrupted),
    ask: (question) => ask(`${question}:`, interrupted),
    askSecret: (prompt) => askSecret(prompt, interrupted),
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds);
      return () => clearInterval(timer);
    },
  };
}
