import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, stat, type FileHandle } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { policyLimits } from '@muster/protocol/policy';
import { hasCode } from '../files/index.ts';

/** What a file was when it was looked at. Equal stamps, equal file. */
export interface FileStamp {
  readonly stamp: string;
  /** When it was last changed, in milliseconds since the epoch; 0 where there is no file. */
  readonly changedAtMs: number;
}

export interface PolicyFileFound extends FileStamp {
  /** The text, or why it cannot be had; undefined where there is no file. */
  readonly source: Result<string> | undefined;
}

const absent = { stamp: 'absent', changedAtMs: 0 } as const;

const isMissing = (thrown: unknown): boolean => hasCode(thrown, 'ENOENT');

const stampOf = (stats: BigIntStats): FileStamp => ({
  stamp: [stats.dev, stats.ino, stats.mode, stats.size, stats.mtimeNs, stats.ctimeNs].join(':'),
  changedAtMs: Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs)),
});

/** Whether there is nothing at a path, not even a link that leads nowhere. */
async function isAbsent(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (thrown) {
    return isMissing(thrown);
  }
}

/** Why a path cannot be read; undefined where there is nothing, and so nothing to be read. */
async function faultOf(path: string, thrown: unknown): Promise<Result<never> | undefined> {
  if (!isMissing(thrown)) return fail('policy.unreadable', `${path} cannot be read: ${faultFrom(thrown).message}`);
  return (await isAbsent(path)) ? undefined : fail('policy.unreadable', `${path} is a link that leads nowhere`);
}

/** Looks at a file, or at a folder, without reading it. What cannot be looked at has a stamp that says why. */
export async function policyFileStamp(path: string): Promise<FileStamp> {
  try {
    return stampOf(await stat(path, { bigint: true }));
  } catch (thrown) {
    const fault = await faultOf(path, thrown);
    return fault?.ok === false ? { stamp: fault.error.message, changedAtMs: 0 } : absent;
  }
}

async function readText(handle: FileHandle, path: string, stats: BigIntStats): Promise<Result<string>> {
  if (!stats.isFile()) return fail('policy.unreadable', `${path} is not a file`);
  if (stats.size > BigInt(policyLimits.fileBytes)) {
    return fail('policy.unreadable', `${path} is longer than ${policyLimits.fileBytes} bytes`);
  }
  const buffer = Buffer.alloc(policyLimits.fileBytes + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (bytesRead === 0 || length === buffer.length) break;
  }
  if (length === buffer.length) {
    return fail('policy.unreadable', `${path} is longer than ${policyLimits.fileBytes} bytes`);
  }
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length)));
  } catch {
    return fail('policy.unreadable', `${path} is not UTF-8`);
  }
}

/** Reads a file of policies. The stamp is that of the file after it was read. Errors: `policy.unreadable`. */
export async function readPolicyFile(path: string): Promise<PolicyFileFound> {
  let handle: FileHandle | undefined;
  try {
    // A named pipe without a writer would keep an ordinary open waiting.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const source = await readText(handle, path, await handle.stat({ bigint: true }));
    return { ...stampOf(await handle.stat({ bigint: true })), source };
  } catch (thrown) {
    const source = await faultOf(path, thrown);
    if (source === undefined) return { ...absent, source };
    return { stamp: source.ok ? '' : source.error.message, changedAtMs: 0, source };
  } finally {
    await handle?.close();
  }
}
