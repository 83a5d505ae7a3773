import { fingerprintText, readFingerprint, type Waiting } from '@muster/protocol/enrolment';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { withEngine } from '../commands/with-engine.ts';
import type { EngineFlags } from '../options/flags.ts';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface JoinFlags extends EngineFlags {
  readonly json?: true;
}
export interface DecideFlags extends JoinFlags {
  readonly yes?: true;
}
export interface ApproveFlags extends DecideFlags {
  readonly replaceHolder?: true;
}

const minuteMs = 60_000;

function ageText(sinceMs: number): string {
  const minutes = Math.max(0, Math.floor(sinceMs / minuteMs));
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** `muster join list`: exit code 1 when nobody waits. */
export function listJoins(flags: JoinFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout, now } = surroundings;
  return withEngine(surroundings, flags, 'online', async ({ joins }) => {
    const listed = await joins.list();
    if (!listed.ok) return listed;
    const rows = listed.value.map(({ role, name, askedAtMs, key, holdsUntilMs }) => [
      role,
      name,
      ageText(now() - askedAtMs),
      holdsUntilMs === null ? '' : 'replaces one that holds',
      fingerprintText(key),
    ]);
    if (flags.json === true) stdout.write(`${cleanJson(listed.value)}\n`);
    else if (rows.length === 0) stdout.write('Nobody waits for approval.\n');
    else stdout.write(cleanText(`${table(['role', 'name', 'waits', '', 'key'], rows).join('\n')}\n`));
    return ok(rows.length > 0 ? exitCodes.ok : exitCodes.noMatch);
  });
}

/** The one request that is meant by the beginning of a fingerprint, or by a name. Errors: `join.unknown_request`, `usage.invalid`. */
function meant(waiting: readonly Waiting[], which: string): Result<Waiting> {
  const digits = readFingerprint(which);
  const byKey = digits === undefined ? [] : waiting.filter(({ key }) => key.startsWith(digits));
  const found = byKey.length > 0 ? byKey : waiting.filter(({ name }) => name === which);
  const [one, another] = found;
  if (one === undefined) {
    return fail('join.unknown_request', `No request of "${which}" waits`, { mend: 'See muster join list.' });
  }
  if (another === undefined) return ok(one);
  return fail('usage.invalid', `${found.length} requests of "${which}" wait`, {
    mend: 'Say which one by the beginning of its key: muster join list.',
  });
}

/** Has a person compare the key; who says yes beforehand must have named it. Errors: `usage.invalid`, `run.interrupted`. */
async function confirmed(
  deed: string,
  { role, name, key }: Waiting,
  { which, flags }: { readonly which: string; readonly flags: DecideFlags },
  surroundings: Surroundings,
): Promise<Result<void>> {
  const { stdin, stderr } = surroundings;
  if (flags.yes === true) {
    if (readFingerprint(which) !== undefined && key.startsWith(readFingerprint(which) ?? key)) return ok(undefined);
    return fail('usage.invalid', 'With --yes the request must be named by its key', {
      mend: 'Give at least eight digits of the key that the node shows.',
    });
  }
  if (stdin.kind !== 'terminal' || !stderr.isTerminal) {
    return fail('usage.invalid', 'Nobody can be asked whether the key is the right one', {
      mend: 'Name the request by its key, and say --yes.',
    });
  }
  stderr.write(cleanText(`${role} ${name}\nKey  ${fingerprintText(key)}\n`));
  const isSure = await surroundings.confirm(`${deed}? Compare the key with what ${name} shows.`);
  return isSure ? ok(undefined) : fail('run.interrupted', 'Nothing was decided');
}

function decide(
  which: string,
  { deed, flags, surroundings }: { deed: 'approve' | 'reject'; flags: ApproveFlags; surroundings: Surroundings },
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'online', async ({ joins }) => {
    const listed = await joins.list();
    if (!listed.ok) return listed;
    const found = meant(listed.value, which);
    if (!found.ok) return found;
    const sure = await confirmed(
      deed === 'approve' ? 'Approve' : 'Reject',
      found.value,
      { which, flags },
      surroundings,
    );
    if (!sure.ok) return sure;
    const { key } = found.value;
    const replace = flags.replaceHolder === true;
    const decided = deed === 'approve' ? await joins.approve(key, { replace }) : await joins.reject(key);
    if (!decided.ok) return decided;
    const { role, name, decision } = decided.value;
    const word = decision === 'approved' ? 'Approved' : 'Rejected';
    surroundings.stdout.write(
      flags.json === true ? `${cleanJson(decided.value)}\n` : cleanText(`${word}  ${role} ${name}\n`),
    );
    return ok(exitCodes.ok);
  });
}

/** `muster join approve`. */
export const approveJoin = (which: string, flags: ApproveFlags, surroundings: Surroundings): Promise<Result<number>> =>
  decide(which, { deed: 'approve', flags, surroundings });

/** `muster join reject`. */
export const rejectJoin = (which: string, flags: DecideFlags, surroundings: Surroundings): Promise<Result<number>> =>
  decide(which, { deed: 'reject', flags, surroundings });
