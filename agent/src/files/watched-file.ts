import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import { hasCode } from '@muster/runtime/files';

/** A file whose parsed content is kept, and read again only when the file has changed. */
export interface WatchedFile<T> {
  readonly path: string;
  /** The content as of now: the last good one while the file cannot be read or parsed; undefined before there was one. */
  refresh(): Promise<T | undefined>;
}

export interface WatchedFileOptions<T> {
  readonly path: string;
  /** Largest file that is read, in bytes. */
  readonly maxBytes: number;
  readonly parse: (text: string) => Result<T>;
  /** Called once for each state of the file that cannot be used. */
  readonly onFault: (fault: Fault) => void;
}

const missing = (thrown: unknown): boolean => hasCode(thrown, 'ENOENT');

async function readBounded(
  handle: FileHandle,
  path: string,
  sizeBytes: number,
  maxBytes: number,
): Promise<Result<string>> {
  if (sizeBytes > maxBytes) {
    return fail('facts.unreadable', `${path} has ${sizeBytes} bytes; the limit is ${maxBytes}`);
  }
  const buffer = Buffer.alloc(maxBytes + 1);
  const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, sizeBytes + 1), 0);
  return ok(buffer.toString('utf8', 0, bytesRead));
}

/**
 * Watches a file by its modification time, size and inode, asked at each `refresh`: no timers, no watches of the system.
 *
 * Errors, to `onFault`: `facts.unreadable` for a file that is missing, too large or not readable, and those of `parse`.
 */
export function watchFile<T>(options: WatchedFileOptions<T>): WatchedFile<T> {
  const { path, maxBytes, parse, onFault } = options;
  let seen: string | undefined;
  let good: T | undefined;

  const refused = (stamp: string, fault: Fault): void => {
    if (seen !== stamp) onFault(fault);
    seen = stamp;
  };

  return {
    path,
    async refresh() {
      let handle: FileHandle | undefined;
      try {
        // A named pipe without a writer would keep an ordinary open waiting.
        handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
        const stats = await handle.stat();
        const stamp = `${stats.ino}:${stats.mtimeMs}:${stats.size}`;
        if (stamp === seen) return good;
        if (!stats.isFile()) {
          refused(stamp, { code: 'facts.unreadable', message: `${path} is not a file` });
          return good;
        }
        const text = await readBounded(handle, path, stats.size, maxBytes);
        const parsed = text.ok ? parse(text.value) : text;
        if (parsed.ok) {
          seen = stamp;
          good = parsed.value;
        } else refused(stamp, parsed.error);
      } catch (thrown) {
        const message = missing(thrown) ? `${path} does not exist` : faultFrom(thrown).message;
        refused(`fault:${message}`, { code: 'facts.unreadable', message });
      } finally {
        await handle?.close();
      }
      return good;
    },
  };
}
