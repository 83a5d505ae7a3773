import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { fail, faultFrom, type Result } from '@muster/protocol/errors';
import type { Logger } from '@muster/runtime/logging';
import { createRunCommand, killMarked, type CommandResult } from '../processes/index.ts';
import { parseReply } from './reply.ts';

/** A program that speaks the protocol, and what it is told of its surroundings. */
export interface ExternalProgram {
  readonly agent: string;
  /** Absolute path. */
  readonly program: string;
  /** Settings as `key = value` lines. */
  readonly configText: string;
}

export interface ProgramCall {
  readonly protocol: string;
  readonly document: object;
  /** Names the folder of this call; unique among those under way. */
  readonly id: string;
  /** Folder in which a folder for the call is made, and removed after it. */
  readonly folder: string;
  readonly factsFile: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Largest reply file, in bytes: a reply's data and some. */
const largestReplyBytes = 2 * 1024 * 1024;

/** Output is for the log alone, so little of it is kept. */
const keptOutputBytes = 16 * 1024;

const privateFile = { mode: 0o600 };

async function readReply(file: string): Promise<Result<unknown>> {
  try {
    // A named pipe or a link in place of the file must neither block nor lead elsewhere.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return fail('message.malformed', 'put something else in place of its reply file');
      if (stats.size === 0) return fail('message.malformed', 'wrote no reply');
      if (stats.size > largestReplyBytes) {
        return fail('frame.oversized', `wrote a reply of ${stats.size} bytes; the limit is ${largestReplyBytes}`);
      }
      return parseReply(await handle.readFile('utf8'));
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    const { message } = faultFrom(thrown);
    return fail(
      'message.malformed',
      message.includes('ENOENT') ? 'removed its reply file' : `left no reply that can be read: ${message}`,
    );
  }
}

function logOutput({ stdout, stderr }: CommandResult, { agent }: ExternalProgram, logger: Logger): void {
  for (const line of stdout.split('\n')) {
    if (line.trim() !== '') logger.info({ event: 'agent.log', agent }, line.slice(0, 4096));
  }
  for (const line of stderr.split('\n')) {
    if (line.trim() !== '') logger.error({ event: 'agent.log', agent }, line.slice(0, 4096));
  }
}

/** How a program ended, where that is no success: `was killed by SIGSEGV`, `ended with exit code 3: …`. */
function misfortune({ exitCode, signal, stderr }: CommandResult): string | undefined {
  if (exitCode === 0) return undefined;
  const lastLine = stderr.trimEnd().split('\n').at(-1) ?? '';
  const said = lastLine === '' ? '' : `: ${lastLine.slice(0, 500)}`;
  if (exitCode === -1) return `could not be started${said}`;
  return signal === null ? `ended with exit code ${exitCode}${said}` : `was killed by ${signal}${said}`;
}

/**
 * Calls a program by the protocol: request and reply by files, nothing through a shell. Everything that it started is
 * gone afterwards, even what left its process group. Gives what it wrote in its reply file.
 *
 * Errors: `internal` when it did not end well, `message.malformed` and `frame.oversized` for its reply file; the message
 * is the end of a sentence that the program's name begins. Rejects when aborted.
 */
export async function runExternalProgram(external: ExternalProgram, call: ProgramCall): Promise<Result<unknown>> {
  const folder = join(call.folder, call.id);
  const marker = ['MUSTER_EXTERNAL_CALL', call.id] as const;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [requestFile, replyFile, configFile] = ['request.json', 'reply.json', 'agent.cfg'].map((name) =>
    join(folder, name),
  ) as [string, string, string]; // as many as names
  try {
    await writeFile(requestFile, JSON.stringify(call.document), privateFile);
    await writeFile(replyFile, '', privateFile);
    await writeFile(configFile, external.configText, privateFile);
    const result = await createRunCommand(call.signal)(external.program, [requestFile, replyFile, call.protocol], {
      cwd: folder,
      maxOutputBytes: keptOutputBytes,
      environment: {
        CHORIA_EXTERNAL_REQUEST: requestFile,
        CHORIA_EXTERNAL_REPLY: replyFile,
        CHORIA_EXTERNAL_PROTOCOL: call.protocol,
        CHORIA_EXTERNAL_CONFIG: configFile,
        CHORIA_EXTERNAL_FACTS: call.factsFile,
        [marker[0]]: marker[1],
      },
    });
    logOutput(result, external, call.logger);
    const bad = misfortune(result);
    return bad === undefined ? await readReply(replyFile) : fail('internal', bad);
  } finally {
    killMarked(marker.join('='));
    await rm(folder, { recursive: true, force: true });
  }
}
