import { access } from 'node:fs/promises';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { Register, type IssuedRecord } from './register.ts';

/** The register of an authority, or a copy of it, for who only reads. */
export interface FollowedRegister {
  /**
   * All certificates as the file has them now; only what is new is read.
   *
   * Errors: `authority.missing` when it cannot be read; `authority.damaged`, also when it has fewer certificates than before: what was
   * taken back since would seem good again.
   */
  read(): Promise<Result<readonly IssuedRecord[]>>;
  /** How much of the file was read, in bytes. */
  readonly bytes: number;
}

export function followRegister(file: string): FollowedRegister {
  let register: Register | null = null;
  let most = 0;

  async function refreshed(): Promise<Result<Register>> {
    if (register === null) return Register.open(file);
    const read = await register.refresh();
    return read.ok ? ok(register) : read;
  }

  return {
    get bytes() {
      return register?.bytes ?? 0;
    },
    async read() {
      try {
        await access(file);
        const read = await refreshed();
        if (!read.ok) return read;
        register = read.value;
      } catch (thrown) {
        return fail('authority.missing', `The register of the authority cannot be read: ${faultFrom(thrown).message}`);
      }
      const { issued } = register;
      if (issued.length < most) {
        return fail('authority.damaged', `${file} has ${issued.length} certificates, and had ${most}`, {
          mend: 'Bring the whole register there; when it is another authority’s, start again.',
        });
      }
      most = issued.length;
      return ok(issued);
    },
  };
}
