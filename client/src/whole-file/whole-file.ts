import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { randomBytes, randomId } from '@muster/runtime/crypto';
import { hasCode, isDiskFull } from '@muster/runtime/files';

/** What is written at once, in bytes, as far as pieces allow. */
const chunkBytes = 256 * 1024;

/** A file that has its name once it is whole and on the disk; until then it is beside it, and readable by its owner alone. */
export class WholeFile {
  readonly #path: string;
  readonly #unfinished: string;
  readonly #handle: FileHandle;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #writtenBytes = 0;

  private constructor(path: string, unfinished: string, handle: FileHandle) {
    this.#path = path;
    this.#unfinished = unfinished;
    this.#handle = handle;
  }

  /** Rejects as Node's file system does. */
  static async begin(path: string): Promise<WholeFile> {
    const unfinished = `${path}.${randomId(randomBytes).slice(0, 8)}.unfinished`;
    return new WholeFile(path, unfinished, await open(unfinished, 'wx', 0o600));
  }

  /** How much is in it so far. */
  get bytes(): number {
    return this.#writtenBytes + this.#waitingBytes;
  }

  /** Resolves once there is room for more. */
  async add(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= chunkBytes) await this.#flush();
  }

  /** Gives the file its name. Errors: `file.unwritable` when one with that name is there and not to be replaced. */
  async finish(replace: boolean): Promise<Result<void>> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    if (replace) await rename(this.#unfinished, this.#path);
    else {
      const linked = await this.#link();
      if (!linked.ok) return linked;
    }
    const folder = await open(dirname(this.#path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return ok(undefined);
  }

  /** Takes away what is unfinished; nothing when the file has its name. */
  async dispose(): Promise<void> {
    await this.#handle.close();
    await rm(this.#unfinished, { force: true });
  }

  /** A link never writes over what is there. */
  async #link(): Promise<Result<void>> {
    try {
      await link(this.#unfinished, this.#path);
      return ok(undefined);
    } catch (thrown) {
      if (!hasCode(thrown, 'EEXIST')) throw thrown;
      return alreadyThere(this.#path);
    }
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#writtenBytes += bytes.length;
    await this.#handle.appendFile(bytes);
  }
}

export const alreadyThere = (path: string): Result<never> =>
  fail('file.unwritable', `${path} cannot be written: it is there already`, {
    mend: 'Say --replace to write over it.',
  });

export const unwritable = (path: string, thrown: unknown): Result<never> =>
  isDiskFull(thrown)
    ? fail('file.unwritable', `${path} cannot be written: the disk is full`, {
        mend: 'Make room, or choose a place on another disk.',
      })
    : fail('file.unwritable', `${path} cannot be written: ${faultFrom(thrown).message}`);
