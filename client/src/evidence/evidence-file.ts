import { createHash } from 'node:crypto';
import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Signer } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { randomBytes, randomId } from '@muster/runtime/crypto';
import { hasCode } from '@muster/runtime/files';
import { sealedBytes } from './format.ts';

/** What is written at once, in bytes, as far as lines allow. */
const chunkBytes = 256 * 1024;

/** A file of evidence while it is written. It has its name once it is whole and sealed, and on the disk. */
export class EvidenceFile {
  readonly #path: string;
  readonly #unfinished: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #lines = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  private constructor(path: string, unfinished: string, handle: FileHandle) {
    this.#path = path;
    this.#unfinished = unfinished;
    this.#handle = handle;
  }

  /** Rejects as Node's file system does. */
  static async begin(path: string): Promise<EvidenceFile> {
    const unfinished = `${path}.${randomId(randomBytes).slice(0, 8)}.unfinished`;
    return new EvidenceFile(path, unfinished, await open(unfinished, 'wx', 0o600));
  }

  async add(line: object): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.#hash.update(bytes);
    this.#lines += 1;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= chunkBytes) await this.#flush();
  }

  /** Signs all lines, and gives the file its name. Errors: `file.unwritable` when one with that name is there and not to be replaced. */
  async seal(signer: Pick<Signer, 'sign'>, signedBy: string, replace: boolean): Promise<Result<void>> {
    const seal = { lines: this.#lines, sha256: this.#hash.copy().digest('hex') };
    const signature = Buffer.from(await signer.sign(sealedBytes(seal))).toString('base64');
    await this.add({ kind: 'seal', ...seal, signedBy, signature });
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    if (replace) await rename(this.#unfinished, this.#path);
    else {
      const linked = await this.#link();
      if (!linked.ok) return linked;
    }
    const folder = await open(dirname(this.#path), 'r');
    await folder.sync().finally(() => folder.close());
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
    await this.#handle.appendFile(bytes);
  }
}

export const alreadyThere = (path: string): Result<never> =>
  fail('file.unwritable', `${path} cannot be written: it is there already`, {
    mend: 'Say --replace to write over it.',
  });

export const unwritable = (path: string, thrown: unknown): Result<never> =>
  fail('file.unwritable', `${path} cannot be written: ${faultFrom(thrown).message}`);
