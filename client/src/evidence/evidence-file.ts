import { createHash } from 'node:crypto';
import type { Signer } from '@muster/protocol/envelope';
import type { Result } from '@muster/protocol/errors';
import { WholeFile } from '../whole-file/index.ts';
import { sealedBytes } from './format.ts';

/** A file of evidence while it is written. It has its name once it is whole and sealed, and on the disk. */
export class EvidenceFile {
  readonly #file: WholeFile;
  readonly #hash = createHash('sha256');
  #lines = 0;

  private constructor(file: WholeFile) {
    this.#file = file;
  }

  /** Rejects as Node's file system does. */
  static async begin(path: string): Promise<EvidenceFile> {
    return new EvidenceFile(await WholeFile.begin(path));
  }

  /** How much is in it so far. */
  get bytes(): number {
    return this.#file.bytes;
  }

  async add(line: object): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.#hash.update(bytes);
    this.#lines += 1;
    await this.#file.add(bytes);
  }

  /** Signs all lines, and gives the file its name. Errors: `file.unwritable` when one with that name is there and not to be replaced. */
  async seal(signer: Pick<Signer, 'sign'>, signedBy: string, replace: boolean): Promise<Result<void>> {
    const seal = { lines: this.#lines, sha256: this.#hash.copy().digest('hex') };
    const signature = Buffer.from(await signer.sign(sealedBytes(seal))).toString('base64');
    await this.add({ kind: 'seal', ...seal, signedBy, signature });
    return this.#file.finish(replace);
  }

  /** Takes away what is unfinished; nothing when the file has its name. */
  dispose(): Promise<void> {
    return this.#file.dispose();
  }
}
