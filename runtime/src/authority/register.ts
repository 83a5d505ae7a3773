import { open, type FileHandle } from 'node:fs/promises';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { hasCode } from '../files/index.ts';
import type { RevocationReason } from '../pki/index.ts';
import { Enrolments } from './enrolments.ts';
import { readRegisterLine, type RegisterLine } from './register-lines.ts';

/** A certificate that an authority issued. Times are ISO 8601 in UTC. */
export interface IssuedRecord extends Omit<Extract<RegisterLine, { kind: 'issued' }>, 'kind'> {
  readonly revoked: { readonly at: string; readonly reason: RevocationReason } | null;
}

/** Where the reading of the file stands: the same file grew when its inode and device are the same. */
interface Place {
  readonly file: string;
  readonly bytes: number;
}

const nowhere: Place = { file: '', bytes: 0 };

/**
 * What an authority issued and took back, whom it invited and who waits: a file of JSON lines that only grows. A line is on the disk
 * before what it tells of leaves the authority.
 */
export class Register {
  readonly #file: string;
  #issued = new Map<string, IssuedRecord>();
  #serialsByName = new Map<string, string[]>();
  #enrolments = new Enrolments();
  #listNumber = 0;
  #lines = 0;
  #place = nowhere;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Reads it; a file that is not there is an empty one. Errors: `authority.damaged` with the line that cannot be understood. */
  static async open(file: string): Promise<Result<Register>> {
    const register = new Register(file);
    const read = await register.refresh();
    return read.ok ? ok(register) : read;
  }

  /** All certificates, in the order in which they were issued. */
  get issued(): readonly IssuedRecord[] {
    return [...this.#issued.values()];
  }

  /** The certificates of a name, whatever role they are for. */
  issuedTo(name: string): readonly IssuedRecord[] {
    return (this.#serialsByName.get(name) ?? []).flatMap((serial) => this.#issued.get(serial) ?? []);
  }

  bySerial(serial: string): IssuedRecord | undefined {
    return this.#issued.get(serial);
  }

  get enrolments(): Enrolments {
    return this.#enrolments;
  }

  /** The number of the last list that was made; 0 before the first. */
  get listNumber(): number {
    return this.#listNumber;
  }

  /** How much of the file is known, in bytes. */
  get bytes(): number {
    return this.#place.bytes;
  }

  /** Reads what other processes added. Errors: `authority.damaged`. */
  async refresh(): Promise<Result<void>> {
    const handle = await openIfThere(this.#file);
    if (handle === undefined) {
      this.#forget();
      return ok(undefined);
    }
    try {
      const { dev, ino, size } = await handle.stat();
      const file = `${dev}:${ino}`;
      if (file !== this.#place.file || size < this.#place.bytes) this.#forget();
      const from = this.#place.bytes;
      if (size === from) return ok(undefined);
      const buffer = Buffer.alloc(size - from);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
      const text = buffer.toString('utf8', 0, bytesRead);
      this.#place = { file, bytes: from + bytesRead };
      return this.#applyAll(text);
    } finally {
      await handle.close();
    }
  }

  /** Writes a line, and resolves when it is on the disk. */
  async add(line: RegisterLine): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    const handle = await open(this.#file, 'a', 0o600);
    try {
      await handle.writeFile(text);
      await handle.datasync();
      const { dev, ino, size } = await handle.stat();
      this.#place = { file: `${dev}:${ino}`, bytes: size };
    } finally {
      await handle.close();
    }
    this.#lines += 1;
    this.#apply(line);
  }

  #forget(): void {
    this.#issued = new Map();
    this.#serialsByName = new Map();
    this.#enrolments = new Enrolments();
    this.#listNumber = 0;
    this.#lines = 0;
    this.#place = nowhere;
  }

  #applyAll(text: string): Result<void> {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      this.#lines += 1;
      const read = readRegisterLine(line);
      if (read === undefined) {
        const where = `${this.#file}:${this.#lines}`;
        this.#forget();
        return damaged(where);
      }
      this.#apply(read);
    }
    return ok(undefined);
  }

  #apply(line: RegisterLine): void {
    switch (line.kind) {
      case 'listed':
        this.#listNumber = Math.max(this.#listNumber, line.number);
        return;
      case 'issued': {
        this.#issued.set(line.serial, { ...line, revoked: null });
        const serials = this.#serialsByName.get(line.name) ?? [];
        serials.push(line.serial);
        this.#serialsByName.set(line.name, serials);
        this.#enrolments.apply(line);
        return;
      }
      case 'revoked': {
        const record = this.#issued.get(line.serial);
        if (record?.revoked !== null) return;
        this.#issued.set(line.serial, { ...record, revoked: { at: line.at, reason: line.reason } });
        return;
      }
      default:
        this.#enrolments.apply(line);
    }
  }
}

const damaged = (where: string): Result<never> =>
  fail('authority.damaged', `${where} cannot be understood`, {
    mend: 'Bring the file back from a backup. When it is the last line and cut off, that certificate was never handed out: remove the line.',
  });

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
}
