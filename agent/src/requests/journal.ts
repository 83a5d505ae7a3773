import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { limits } from '@muster/protocol/envelope';
import { faultFrom, fail, ok, type Result } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import type { Clock } from '@muster/runtime/effects';

/**
 * What is known of a request: never seen; begun by this process and not answered yet; begun by an earlier process that
 * ended in the middle; answered. `full`: too many are remembered to take another.
 */
export type Standing = 'new' | 'running' | 'interrupted' | 'answered' | 'full';

/** Remembers requests for as long as they could be sent again, so that each is carried out at most once. */
export interface Journal {
  /** What is known of a request, which counts as running from now on if it was new. */
  admit(request: Request): Standing;
  /** Makes it known to later processes that the action is about to begin. Errors: `storage.failed`. */
  begin(request: Request): Promise<Result<null>>;
  /** Makes it known that the answer has been taken by the broker. */
  finish(request: Request): Promise<void>;
}

type Status = Exclude<Standing, 'new' | 'full'>;
interface Entry {
  readonly forgetAtMs: number;
  status: Status;
  /** Whether the file knows of it. */
  written: boolean;
}

/** Most requests remembered. When they are as many, all within their time to live, further ones are refused. */
const remembered = 100_000;

/** Number of requests remembered from which those are looked for that may be forgotten. */
const forgetFrom = 1000;

/** Lines of the file beyond the two for each request remembered, from which it is written anew. */
const spareLines = 1000;

const keyOf = (request: Request): string => `${request.sender} ${request.requestId}`;

/** `begun FORGET-AT SENDER REQUEST` and `answered SENDER REQUEST`; a line cut short by a crash is skipped. */
function parseLines(text: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const line of text.split('\n')) {
    const begun = /^begun (\d+) (\S+ [0-9a-f]{32})$/.exec(line);
    if (begun !== null)
      entries.set(begun[2] ?? '', { forgetAtMs: Number(begun[1]), status: 'interrupted', written: true });
    const answered = /^answered (\S+ [0-9a-f]{32})$/.exec(line);
    const entry = entries.get(answered?.[1] ?? '');
    if (entry !== undefined) entry.status = 'answered';
  }
  return entries;
}

async function readLines(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return '';
    throw thrown;
  }
}

const print = (entries: ReadonlyMap<string, Entry>): string =>
  [...entries]
    .filter(([, { written }]) => written)
    .map(
      ([key, { forgetAtMs, status }]) =>
        `begun ${forgetAtMs} ${key}\n${status === 'answered' ? `answered ${key}\n` : ''}`,
    )
    .join('');

/** A journal that outlives the process in a file. Errors: `storage.failed` when the file cannot be read. */
export async function openJournal(file: string, clock: Clock): Promise<Result<Journal>> {
  let entries: Map<string, Entry>;
  let lines = 0;
  let forgetAtSize = forgetFrom;
  let writing: Promise<unknown> = Promise.resolve();
  try {
    entries = parseLines(await readLines(file));
  } catch (thrown) {
    return fail('storage.failed', `${file} cannot be read: ${faultFrom(thrown).message}`);
  }

  function forget(): void {
    const nowMs = clock();
    for (const [key, { forgetAtMs, status }] of entries) {
      if (forgetAtMs < nowMs && status !== 'running') entries.delete(key);
    }
    // Looking again pays when there is about as much to forget as to keep.
    forgetAtSize = Math.max(forgetFrom, 2 * entries.size);
  }

  async function compact(): Promise<void> {
    forget();
    const text = print(entries);
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
    lines = text.split('\n').length;
  }

  /** Writes one after the other, so that compaction loses nothing. */
  function append(line: string): Promise<void> {
    const written = writing.then(async () => {
      await appendFile(file, line, { mode: 0o600 });
      lines++;
      if (lines > 2 * entries.size + spareLines) await compact();
    });
    writing = written.catch(() => undefined);
    return written;
  }

  try {
    await compact();
  } catch (thrown) {
    return fail('storage.failed', `${file} cannot be written: ${faultFrom(thrown).message}`);
  }

  return ok({
    admit(request) {
      const key = keyOf(request);
      const known = entries.get(key);
      if (known !== undefined && known.forgetAtMs >= clock()) return known.status;
      if (entries.size >= Math.min(forgetAtSize, remembered)) forget();
      if (entries.size >= remembered) return 'full';
      // Until then a copy would be within its time to live; later ones are refused as too old.
      const forgetAtMs = request.issuedAtMs + request.ttlMs + 2 * limits.clockSkewMs;
      entries.set(key, { forgetAtMs, status: 'running', written: false });
      return 'new';
    },
    async begin(request) {
      const entry = entries.get(keyOf(request));
      if (entry === undefined) return ok(null);
      try {
        entry.written = true;
        await append(`begun ${entry.forgetAtMs} ${keyOf(request)}\n`);
        return ok(null);
      } catch (thrown) {
        return fail(
          'storage.failed',
          `The request cannot be noted in the journal, so it is not run: ${faultFrom(thrown).message}`,
        );
      }
    },
    async finish(request) {
      const entry = entries.get(keyOf(request));
      if (entry === undefined) return;
      entry.status = 'answered';
      // When this line is lost, a later process tells an interruption where an answer was: the answer came first and stands.
      if (entry.written) await append(`answered ${keyOf(request)}\n`).catch(() => undefined);
    },
  });
}
