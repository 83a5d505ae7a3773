import type { EndpointResult, RunMarks } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import type { Clock } from '@muster/runtime/effects';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import type { RunHistory } from '../storage/index.ts';

/** The history of runs, and what people put on them, in the name of the console's person. Errors: `run.unknown`, `storage.*`. */
export interface History {
  /** What a list of runs can be narrowed down to. */
  choices(): Promise<Result<EndpointResult<'runs.choices'>>>;
  marks(runId: string): Promise<Result<RunMarks>>;
  annotate(runId: string, text: string): Promise<Result<RunMarks>>;
  removeNote(runId: string, noteId: number): Promise<Result<RunMarks>>;
  /** A pinned run does not go to the archive by age, and nobody can remove it. */
  pin(runIds: readonly string[], isPinned: boolean): Promise<Result<void>>;
  /** Can be taken back for an hour at least; after that the runs are deleted with the daily tidying up. */
  remove(runIds: readonly string[]): Promise<Result<EndpointResult<'runs.remove'>>>;
  /** Gives those that are back. */
  restore(runIds: readonly string[]): Promise<Result<readonly string[]>>;
}

export function createHistory(options: {
  readonly configuration: Pick<ConsoleConfiguration, 'person' | 'history'>;
  readonly storage: RunHistory;
  readonly audit: Pick<ConsoleAudit, 'note'>;
  readonly clock: Clock;
}): History {
  const { configuration, storage, audit, clock } = options;
  const { person } = configuration;
  async function note(kind: 'remove' | 'restore', runIds: readonly string[]): Promise<void> {
    for (const requestId of runIds) await audit.note(kind, { requestId, caller: callerOf(person) });
  }

  return {
    async choices() {
      const found = await storage.runChoices();
      return found.ok ? ok({ ...found.value, keepMs: configuration.history.keepMs }) : found;
    },
    marks: (runId) => storage.runMarks(runId),
    annotate: (runId, text) => storage.annotateRun(runId, person, text, clock()),
    removeNote: (runId, noteId) => storage.removeRunNote(runId, noteId),
    pin: (runIds, isPinned) => storage.pinRuns(runIds, isPinned ? person : null, clock()),
    async remove(runIds) {
      const removed = await storage.removeRuns(runIds, clock());
      if (removed.ok) await note('remove', removed.value.removed);
      return removed;
    },
    async restore(runIds) {
      const restored = await storage.restoreRuns(runIds);
      if (restored.ok) await note('restore', restored.value);
      return restored;
    },
  };
}
