import { ok, type Result } from '@muster/protocol/errors';

/** For how long at least a run that was removed can be taken back, in milliseconds. */
export const takeBackMs = 3_600_000;

/** Deletes one run that was removed before a time; false when there is none. */
export type DeleteRemoved = (beforeMs: number, nowMs: number) => Promise<Result<boolean>>;

/**
 * Deletes all runs that were removed longer ago than they can be taken back, one by one, so that other work comes in between; gives how many. Ends
 * early when the signal says so. Errors: `storage.*`.
 */
export async function deleteRemoved(
  nowMs: number,
  deleteOne: DeleteRemoved,
  signal?: AbortSignal,
): Promise<Result<number>> {
  for (let deleted = 0; ; deleted++) {
    if (signal?.aborted === true) return ok(deleted);
    const next = await deleteOne(nowMs - takeBackMs, nowMs);
    if (!next.ok) return next;
    if (!next.value) return ok(deleted);
  }
}
