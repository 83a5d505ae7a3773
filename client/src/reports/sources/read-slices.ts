import { unwrap, type Result } from '@muster/protocol/errors';
import type { ReportRow } from '../report.ts';

/** How many rows are asked for at once: a few, for each may have a MiB. */
const sliceSize = 200;

interface Read {
  readonly rows: readonly ReportRow[];
  /** How many of the names that were asked for are done. */
  readonly taken: number;
}

/** Rows by name, slice after slice: one is read when the one before was used. */
export async function* readSlices(
  identities: readonly string[],
  read: (names: readonly string[]) => Promise<Result<Read>>,
): AsyncIterable<readonly ReportRow[]> {
  for (let at = 0; at < identities.length;) {
    const { rows, taken } = unwrap(await read(identities.slice(at, at + sliceSize)));
    at += Math.max(1, taken);
    if (rows.length > 0) yield rows;
  }
}
