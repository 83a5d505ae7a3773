import { ok, type Result } from '@muster/protocol/errors';
import type { HistorySettings } from './settings.ts';

/** Moves one run that had ended before a time, and that gets no answer any more, into a folder; false when there is none. */
export type ArchiveOldest = (folder: string, beforeMs: number, nowMs: number) => Promise<Result<boolean>>;

/**
 * Moves all runs that are older than the settings say into the archive, one by one, so that other work comes in between; gives how many it moved.
 * Ends early when the signal says so. Errors: `storage.*`; what was moved by then is in the archive.
 */
export async function keepHistory(
  { keepMs, archive }: Pick<HistorySettings, 'keepMs' | 'archive'>,
  nowMs: number,
  archiveOldest: ArchiveOldest,
  signal?: AbortSignal,
): Promise<Result<number>> {
  if (keepMs === null) return ok(0);
  for (let moved = 0; ; moved++) {
    if (signal?.aborted === true) return ok(moved);
    const next = await archiveOldest(archive, nowMs - keepMs, nowMs);
    if (!next.ok) return next;
    if (!next.value) return ok(moved);
  }
}
