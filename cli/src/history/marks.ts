import type { Engine } from '@muster/client/engine';
import type { RunMarks } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { findRun } from '../commands/find-run.ts';
import { withEngine } from '../commands/with-engine.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { timeText } from '../output/time-text.ts';
import type { Surroundings } from '../surroundings.ts';

export interface MarkFlags {
  readonly home?: string;
  readonly json?: true;
}

export interface NoteFlags extends MarkFlags {
  readonly remove?: number;
}

/** What stands on a run, as scripts see it. */
export const marksJson = ({ pin, notes }: RunMarks): Record<string, unknown> => ({
  pinned: pin === null ? null : { person: pin.person, at_utc: timeText(pin.atMs) },
  notes: notes.map(({ noteId, person, text, atMs }) => ({ id: noteId, person, text, at_utc: timeText(atMs) })),
});

/** What stands on a run, line by line. */
export const marksLines = ({ pin, notes }: RunMarks): readonly string[] => [
  ...(pin === null ? [] : [`Pinned: by ${cleanLine(pin.person)}, ${timeText(pin.atMs)}`]),
  ...notes.map(
    ({ noteId, person, text, atMs }) => `Note ${noteId}: ${cleanLine(text)} (${cleanLine(person)}, ${timeText(atMs)})`,
  ),
];

/** `muster runs note`: writes a note on a run, removes one, or tells those that are there. */
export function noteRun(
  id: string,
  text: string | undefined,
  flags: NoteFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const found = await findRun(engine, id);
    if (!found.ok) return found;
    const { runId } = found.value;
    if (text !== undefined && flags.remove !== undefined)
      return fail('usage.invalid', 'Either write a note or remove one');
    const marks =
      flags.remove !== undefined
        ? await removeNote(engine, runId, flags.remove)
        : text === undefined
          ? await engine.history.marks(runId)
          : await engine.history.annotate(runId, text);
    if (!marks.ok) return marks;
    const { stdout } = surroundings;
    const lines = marksLines({ pin: null, notes: marks.value.notes });
    if (flags.json === true) stdout.write(`${cleanJson({ run_id: runId, ...marksJson(marks.value) }, 1)}\n`);
    else stdout.write(lines.length === 0 ? 'No notes.\n' : `${lines.join('\n')}\n`);
    return ok(exitCodes.ok);
  });
}

async function removeNote({ history }: Engine, runId: string, noteId: number): Promise<Result<RunMarks>> {
  const before = await history.marks(runId);
  if (!before.ok) return before;
  if (before.value.notes.every((note) => note.noteId !== noteId))
    return fail('usage.invalid', `Run ${runId} has no note ${noteId}`);
  return history.removeNote(runId, noteId);
}

async function findAll(engine: Engine, ids: readonly string[]): Promise<Result<readonly string[]>> {
  const runIds: string[] = [];
  for (const id of ids) {
    const found = await findRun(engine, id);
    if (!found.ok) return found;
    runIds.push(found.value.runId);
  }
  return ok([...new Set(runIds)]);
}

/** `muster runs pin` and `unpin`. */
export function pinRuns(
  ids: readonly string[],
  isPinned: boolean,
  flags: MarkFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const runIds = await findAll(engine, ids);
    if (!runIds.ok) return runIds;
    const pinned = await engine.history.pin(runIds.value, isPinned);
    if (!pinned.ok) return pinned;
    surroundings.stdout.write(
      flags.json === true
        ? `${cleanJson({ runs: runIds.value, pinned: isPinned }, 1)}\n`
        : runIds.value.map((runId) => `${runId} ${isPinned ? 'pinned' : 'unpinned'}\n`).join(''),
    );
    return ok(exitCodes.ok);
  });
}

const reasons = {
  'run.pinned': 'is pinned',
  'run.not_ended': 'has not ended',
  'run.unknown': 'is gone already',
} as const;

/** `muster runs delete`: takes runs out of the history. Exit code 1 when one of them had to stay. */
export function deleteRuns(
  ids: readonly string[],
  flags: MarkFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const runIds = await findAll(engine, ids);
    if (!runIds.ok) return runIds;
    const done = await engine.history.remove(runIds.value);
    if (!done.ok) return done;
    const { removed, kept } = done.value;
    const { stdout, stderr } = surroundings;
    const stayed = kept.map(({ runId, code }) => ({ run_id: runId, code }));
    if (flags.json === true) stdout.write(`${cleanJson({ deleted: removed, kept: stayed }, 1)}\n`);
    else {
      for (const { runId, code } of kept) stderr.write(`Run ${runId} stays: it ${reasons[code]}\n`);
      if (removed.length > 0)
        stdout.write(
          `${removed.map((runId) => `${runId} deleted\n`).join('')}For an hour: muster runs restore ${removed.join(' ')}\n`,
        );
    }
    return ok(kept.length === 0 ? exitCodes.ok : exitCodes.error);
  });
}

/** `muster runs restore`: takes a deletion back. Whole ids only, for what was deleted is not found any more. Exit code 1 when one is gone for good. */
export function restoreRuns(
  ids: readonly string[],
  flags: MarkFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const runIds = ids.map((id) => id.toLowerCase());
    const restored = await engine.history.restore(runIds);
    if (!restored.ok) return restored;
    const isBack = new Set(restored.value);
    const missing = runIds.filter((runId) => !isBack.has(runId));
    const { stdout, stderr } = surroundings;
    if (flags.json === true) stdout.write(`${cleanJson({ restored: restored.value, missing }, 1)}\n`);
    else {
      stdout.write(restored.value.map((runId) => `${runId} restored\n`).join(''));
      for (const runId of missing) stderr.write(`There is no deleted run ${cleanLine(runId)}\n`);
    }
    return ok(missing.length === 0 ? exitCodes.ok : exitCodes.error);
  });
}
