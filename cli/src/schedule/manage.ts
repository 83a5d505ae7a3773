import type { Engine } from '@muster/client/engine';
import type { Schedule } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { withEngine } from '../commands/with-engine.ts';
import type { EngineFlags } from '../options/flags.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { scheduleJson, scheduleTable } from './schedule-text.ts';

export interface ScheduleFlags extends EngineFlags {
  readonly json?: true;
}

export function printSchedule(schedule: Schedule, { json }: ScheduleFlags, { stdout }: Surroundings): void {
  stdout.write(json === true ? `${cleanJson(scheduleJson(schedule), 1)}\n` : scheduleTable([schedule]));
}

/** `muster schedule list`. */
export function listSchedules(flags: ScheduleFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'unconnected', async ({ schedules }) => {
    const listed = await schedules.list();
    if (!listed.ok) return listed;
    const { stdout } = surroundings;
    if (flags.json === true) stdout.write(`${cleanJson(listed.value.map(scheduleJson), 1)}\n`);
    else stdout.write(listed.value.length === 0 ? 'There are no schedules.\n' : scheduleTable(listed.value));
    return ok(exitCodes.ok);
  });
}

/** By its name, its id, or the first digits of that. Errors: `schedule.unknown`, `usage.invalid` when several are meant. */
async function findSchedule({ schedules }: Engine, text: string): Promise<Result<Schedule>> {
  const listed = await schedules.list();
  if (!listed.ok) return listed;
  const isId = /^[0-9a-f]{4,32}$/i.test(text);
  const found = listed.value.filter(
    ({ name, scheduleId }) => name === text || (isId && scheduleId.startsWith(text.toLowerCase())),
  );
  const [one, ...others] = found;
  if (one === undefined) return fail('schedule.unknown', `There is no schedule "${text}"`);
  return others.length === 0 ? ok(one) : fail('usage.invalid', `${found.length} schedules are called "${text}"`);
}

/** `muster schedule remove`. */
export function removeSchedule(
  text: string,
  flags: ScheduleFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const found = await findSchedule(engine, text);
    if (!found.ok) return found;
    const { scheduleId, name } = found.value;
    const removed = await engine.schedules.remove(scheduleId);
    if (!removed.ok) return removed;
    surroundings.stdout.write(
      flags.json === true ? `${cleanJson({ removed: scheduleId }, 1)}\n` : `Schedule ${name} removed\n`,
    );
    return ok(exitCodes.ok);
  });
}

/** `muster schedule pause` and `resume`. */
export function pauseSchedule(
  text: string,
  isPaused: boolean,
  flags: ScheduleFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const found = await findSchedule(engine, text);
    if (!found.ok) return found;
    const paused = await engine.schedules.pause(found.value.scheduleId, isPaused);
    if (!paused.ok) return paused;
    printSchedule(paused.value, flags, surroundings);
    return ok(exitCodes.ok);
  });
}

/** `muster schedule run`: one run now, beside its times; waits for its end. Exit code 1 when the run failed as a whole. */
export function runSchedule(text: string, flags: ScheduleFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const found = await findSchedule(engine, text);
    if (!found.ok) return found;
    const started = await engine.schedules.run(found.value.scheduleId);
    if (!started.ok) return started;
    const run = await started.value.finished;
    const { runId, state, expected, responses } = run;
    surroundings.stdout.write(
      flags.json === true
        ? `${cleanJson({ run_id: runId, state, nodes: expected, answers: responses, states: run.states }, 1)}\n`
        : `Run ${runId} ${state}: ${responses} of ${expected} nodes answered\n`,
    );
    return ok(run.fault === null ? exitCodes.ok : exitCodes.error);
  });
}
