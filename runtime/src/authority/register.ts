import { open, readFile } from 'node:fs/promises';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { identityPattern, roles } from '@muster/protocol/identity';
import { z } from 'zod';
import { revocationReasons, type RevocationReason } from '../pki/index.ts';

const serial = z.string().regex(/^[0-9a-f]{1,64}$/);
const reasons = Object.keys(revocationReasons) as RevocationReason[]; // Object.keys forgets that the keys are these

const lineShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('issued'),
    serial,
    role: z.enum(roles),
    name: z.string().regex(identityPattern),
    fingerprint: z.string(),
    notBefore: z.iso.datetime(),
    notAfter: z.iso.datetime(),
    at: z.iso.datetime(),
  }),
  z.strictObject({ kind: z.literal('revoked'), serial, reason: z.enum(reasons), at: z.iso.datetime() }),
  z.strictObject({ kind: z.literal('listed'), number: z.int().positive(), at: z.iso.datetime() }),
]);
type Line = z.infer<typeof lineShape>;

/** A certificate that an authority issued. Times are ISO 8601 in UTC. */
export interface IssuedRecord extends Omit<Extract<Line, { kind: 'issued' }>, 'kind'> {
  readonly revoked: { readonly at: string; readonly reason: RevocationReason } | null;
}

/**
 * What an authority issued and took back: a file of JSON lines that only grows. A line is on the disk before what it tells of leaves
 * the authority.
 */
export class Register {
  readonly #file: string;
  readonly #issued = new Map<string, IssuedRecord>();
  #listNumber = 0;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Reads it; a file that is not there is an empty one. Errors: `authority.damaged` with the line that cannot be understood. */
  static async open(file: string): Promise<Result<Register>> {
    const register = new Register(file);
    const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return '';
      throw thrown;
    });
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      if (line === '') continue;
      const read = readLine(line);
      if (read === undefined) {
        return fail('authority.damaged', `${file}:${index + 1} cannot be understood`, {
          mend: 'Bring the file back from a backup. When it is the last line and cut off, that certificate was never handed out: remove the line.',
        });
      }
      register.#apply(read);
    }
    return ok(register);
  }

  /** All certificates, in the order in which they were issued. */
  get issued(): readonly IssuedRecord[] {
    return [...this.#issued.values()];
  }

  /** The number of the last list that was made; 0 before the first. */
  get listNumber(): number {
    return this.#listNumber;
  }

  /** Writes a line, and resolves when it is on the disk. */
  async add(line: Line): Promise<void> {
    const handle = await open(this.#file, 'a', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(line)}\n`);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    this.#apply(line);
  }

  #apply(line: Line): void {
    if (line.kind === 'listed') {
      this.#listNumber = Math.max(this.#listNumber, line.number);
      return;
    }
    if (line.kind === 'issued') {
      const { serial, role, name, fingerprint, notBefore, notAfter, at } = line;
      this.#issued.set(serial, { serial, role, name, fingerprint, notBefore, notAfter, at, revoked: null });
      return;
    }
    const record = this.#issued.get(line.serial);
    if (record?.revoked === null) {
      this.#issued.set(line.serial, { ...record, revoked: { at: line.at, reason: line.reason } });
    }
  }
}

function readLine(line: string): Line | undefined {
  try {
    return lineShape.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
