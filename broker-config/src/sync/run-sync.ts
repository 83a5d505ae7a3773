import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import { followRegister, writeSyncMark, type FollowedRegister } from '@muster/runtime/authority';
import type { Clock } from '@muster/runtime/effects';
import { createBrokerUsers, type RabbitmqCtl } from '../control/index.ts';
import { installRevocations, type RevocationsPlace } from './install-revocations.ts';
import { registeredUsers } from './registered-users.ts';
import { createUserSync, type SyncReport, type UserSync } from './sync-users.ts';

export interface SyncOptions {
  /** The register of the authority, `register.jsonl`, or a copy of it. */
  readonly register: string;
  /** Null where the broker is not to ask a list. */
  readonly revocations: RevocationsPlace | null;
  readonly collectives: readonly string[];
  readonly ctl: RabbitmqCtl;
  readonly clock: Clock;
}

/** What one turn has done. */
export interface SyncTurn extends SyncReport {
  /** Files of the broker with lists that were written. */
  readonly lists: readonly string[];
  /** When the next certificate expires, in milliseconds since the epoch; null when none does. */
  readonly nextExpiryMs: number | null;
}

/** How often files are looked at, in milliseconds. */
const lookEveryMs = 1000;
/** How often the broker itself is asked what it has, in milliseconds. */
const compareEveryMs = 10 * 60_000;

/** What stays from one turn to the next. */
interface Keeping {
  readonly sync: UserSync;
  readonly register: FollowedRegister;
}

const keep = ({ ctl, collectives, register }: SyncOptions): Keeping => ({
  sync: createUserSync(createBrokerUsers(ctl), collectives),
  register: followRegister(register),
});

async function turn({ sync, register }: Keeping, options: SyncOptions): Promise<Result<SyncTurn>> {
  const { revocations, clock } = options;
  // The list first: who is thrown out must not find the door open.
  const lists = revocations === null ? ok([]) : await installRevocations(revocations, clock);
  const records = await register.read();
  if (!records.ok) return records;
  const registered = registeredUsers(records.value, clock());
  const brought = await sync.bring(registered);
  if (!brought.ok) return brought;
  await writeSyncMark(options.register, register.bytes);
  return lists.ok ? ok({ ...brought.value, lists: lists.value, nextExpiryMs: registered.nextExpiryMs }) : lists;
}

/**
 * Makes the users of a broker what the register of an authority says, once: who holds a good certificate may connect, and who does
 * no longer is thrown out.
 *
 * Errors: `authority.missing`, `authority.damaged`, `broker.control`, `revocations.unreadable`, `config.unreadable`.
 */
export const syncOnce = (options: SyncOptions): Promise<Result<SyncTurn>> => turn(keep(options), options);

const sizeAndTime = async (file: string): Promise<string> =>
  stat(file).then(
    ({ size, mtimeMs, ino }) => `${size} ${mtimeMs} ${ino}`,
    () => 'missing',
  );

async function look({ register, revocations }: SyncOptions): Promise<string> {
  const files = [register, ...(revocations === null ? [] : [revocations.file])];
  return (await Promise.all(files.map(sizeAndTime))).join('\n');
}

/**
 * Does so whenever the register or the list change, when a certificate expires, and every ten minutes, until the signal is raised.
 * What fails is told and tried again; what the broker has stays as it is meanwhile.
 */
export async function watchRegister(
  options: SyncOptions,
  hear: { readonly signal: AbortSignal; onTurn(turn: SyncTurn): void; onFault(fault: Fault): void },
): Promise<void> {
  const { clock } = options;
  const { signal } = hear;
  const keeping = keep(options);
  let seen = '';
  let dueAtMs = 0;
  let compareAtMs = clock() + compareEveryMs;
  while (!signal.aborted) {
    const now = await look(options);
    if (clock() >= compareAtMs) {
      keeping.sync.forget();
      compareAtMs = clock() + compareEveryMs;
      dueAtMs = 0;
    }
    if (now !== seen || clock() >= dueAtMs) {
      const done = await turn(keeping, options);
      seen = now;
      if (done.ok) {
        hear.onTurn(done.value);
        dueAtMs = done.value.nextExpiryMs ?? Infinity;
      } else {
        hear.onFault(done.error);
        dueAtMs = clock() + 10 * lookEveryMs;
      }
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
