import { ok, type Result } from '@muster/protocol/errors';
import { unlessInterrupted, withEngine } from '../commands/with-engine.ts';
import type { EngineFlags } from '../options/flags.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { targetJson, targetsTable } from './notify-text.ts';

export interface NotifyFlags extends EngineFlags {
  readonly json?: true;
}

const nobody = 'Nobody is told when runs end: console.yaml has no section notify.\n';

/** `muster notify list`. */
export function listTargets(flags: NotifyFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'unconnected', async ({ notify }) => {
    const listed = await notify.list();
    if (!listed.ok) return listed;
    const { stdout } = surroundings;
    if (flags.json === true) stdout.write(`${cleanJson(listed.value.map(targetJson), 1)}\n`);
    else stdout.write(listed.value.length === 0 ? nobody : targetsTable(listed.value));
    return ok(exitCodes.ok);
  });
}

/** `muster notify test`: one attempt, and what the receiver answered. */
export function testTarget(name: string, flags: NotifyFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'unconnected', async ({ notify }) => {
    const tested = await unlessInterrupted(notify.test(name), surroundings.interrupted, 'sending the test');
    if (!tested.ok) return tested;
    const { answer } = tested.value;
    surroundings.stdout.write(
      flags.json === true
        ? `${cleanJson({ target: name, answer }, 1)}\n`
        : `${cleanLine(name)} took it: ${cleanLine(answer)}\n`,
    );
    return ok(exitCodes.ok);
  });
}
