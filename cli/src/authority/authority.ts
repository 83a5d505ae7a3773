import { join } from 'node:path';
import { ok, type Result } from '@muster/protocol/errors';
import { makeAuthority, type IssuedRecord } from '@muster/runtime/authority';
import type { RevocationReason } from '@muster/runtime/pki';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import { expiryText } from '../output/expiry.ts';
import type { Surroundings } from '../surroundings.ts';
import { withAuthority } from './with-authority.ts';

interface JsonFlag {
  readonly json?: true;
}
export interface InitFlags extends JsonFlag {
  readonly name: string;
}
export interface RevokeFlags extends JsonFlag {
  readonly reason: RevocationReason;
}
export interface ListFlags extends JsonFlag {
  readonly expiring?: number;
}
export interface WriteListFlags extends JsonFlag {
  readonly days: number;
}

const dayMs = 24 * 3_600_000;

function say({ stdout }: Surroundings, flags: JsonFlag, document: object, lines: readonly string[]): Result<number> {
  stdout.write(flags.json === true ? `${cleanJson(document)}\n` : cleanText(lines.map((line) => `${line}\n`).join('')));
  return ok(exitCodes.ok);
}

/** `muster ca init`. */
export async function init(folder: string, flags: InitFlags, surroundings: Surroundings): Promise<Result<number>> {
  const made = await makeAuthority(folder, { name: flags.name, clock: surroundings.now });
  if (!made.ok) return made;
  const files = { certificate: join(folder, 'ca.pem'), key: join(folder, 'ca.key'), list: join(folder, 'crl.pem') };
  return say(surroundings, flags, files, [
    `Certificate  ${files.certificate}  for everybody`,
    `List         ${files.list}  for everybody, of what is taken back`,
    `Key          ${files.key}  for nobody: whoever has it can become anybody in the fleet`,
    '',
    'Back up the whole folder, and keep the copy as safe as the folder itself.',
  ]);
}

/** `muster ca revoke`: also when all of it had been taken back before. */
export function revoke(
  folder: string,
  which: string,
  flags: RevokeFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withAuthority(folder, surroundings, async (authority) => {
    const taken = await authority.revoke(which, flags.reason);
    if (!taken.ok) return taken;
    const list = join(folder, 'crl.pem');
    const revoked = taken.value.map(({ serial, role, name }) => ({ serial, role, name }));
    const lines =
      revoked.length === 0
        ? ['Nothing of it was left to revoke.']
        : revoked.map(({ serial, role, name }) => `Revoked  ${serial}  ${role} ${name}`);
    return say(surroundings, flags, { revoked, list }, [...lines, `List     ${list}: bring it to nodes and consoles`]);
  });
}

/** How a certificate stands now. */
function stateOf({ revoked, notAfter }: IssuedRecord, nowMs: number): 'valid' | 'expired' | 'revoked' {
  if (revoked !== null) return 'revoked';
  return Date.parse(notAfter) < nowMs ? 'expired' : 'valid';
}

function untilText(record: IssuedRecord, nowMs: number): string {
  if (record.revoked !== null) return `${record.revoked.at.slice(0, 10)}, ${record.revoked.reason}`;
  return expiryText(record.notAfter, nowMs);
}

/** `muster ca list`: exit code 1 when there is none of them. */
export function list(folder: string, flags: ListFlags, surroundings: Surroundings): Promise<Result<number>> {
  const nowMs = surroundings.now();
  return withAuthority(folder, surroundings, (authority) => {
    const { expiring } = flags;
    const limitMs = expiring === undefined ? Infinity : nowMs + expiring * dayMs;
    const wanted = authority.issued
      .map((record) => ({ ...record, state: stateOf(record, nowMs) }))
      .filter(
        ({ state, notAfter }) => expiring === undefined || (state === 'valid' && Date.parse(notAfter) <= limitMs),
      );
    const rows = wanted.map((record) => [
      record.serial,
      record.role,
      record.name,
      record.state,
      untilText(record, nowMs),
    ]);
    say(
      surroundings,
      flags,
      wanted.map(({ serial, role, name, fingerprint, notBefore, notAfter, at, collectives, revoked, state }) => ({
        serial,
        role,
        name,
        fingerprint,
        notBefore,
        notAfter,
        at,
        collectives: collectives ?? null,
        revoked,
        state,
      })),
      rows.length === 0 ? [] : table(['serial', 'role', 'name', 'state', 'until'], rows),
    );
    return Promise.resolve(ok(rows.length > 0 ? exitCodes.ok : exitCodes.noMatch));
  });
}

/** `muster ca crl`. */
export function writeList(folder: string, flags: WriteListFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withAuthority(folder, surroundings, async (authority) => {
    const written = await authority.writeList(flags.days);
    if (!written.ok) return written;
    const { file, number } = written.value;
    return say(surroundings, flags, { list: file, number }, [`List  ${file}, number ${number}`]);
  });
}
