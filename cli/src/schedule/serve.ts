import { ok, type Result } from '@muster/protocol/errors';
import { untilInterrupted } from '../commands/until-interrupted.ts';
import type { EngineFlags } from '../options/flags.ts';
import { homeOf } from '../options/home.ts';
import { passphraseAccess } from '../options/passphrase.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

/** `muster schedule serve`: starts what is due until it is interrupted. Runs that go on then wait for the next console. */
export async function serveSchedules(flags: EngineFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { interrupted, stderr } = surroundings;
  const opened = await surroundings.openEngine(homeOf(flags.home, surroundings), {
    serveSchedules: true,
    readOnly: flags.readOnly === true,
    ...passphraseAccess(flags, surroundings),
  });
  if (!opened.ok) return opened;
  const engine = opened.value;
  try {
    const listed = await engine.schedules.list();
    if (!listed.ok) return listed;
    stderr.write(`Serving ${listed.value.length} schedule(s) until interrupted.\n`);
    await untilInterrupted(interrupted);
    return ok(exitCodes.ok);
  } finally {
    await engine.close();
  }
}
