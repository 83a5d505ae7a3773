import { fail, MusterError, ok, type Result } from '@muster/protocol/errors';
import { isThere } from '@muster/runtime/files';
import { alreadyThere, unwritable, WholeFile } from '../whole-file/index.ts';
import type { OpenReport } from './open-report.ts';

/** Where a report goes. */
export interface ReportPlace {
  readonly file: string;
  /** Write over a file that is there. */
  readonly replace: boolean;
  readonly signal?: AbortSignal;
}

export interface WrittenReport {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes a report into a file, which is whole or not there: piece by piece, each read once the one before is written.
 *
 * Errors: `file.unwritable`, `report.interrupted`, those of reading.
 */
export async function writeReport(open: OpenReport, place: ReportPlace): Promise<Result<WrittenReport>> {
  const { file: path, replace, signal } = place;
  const interrupted = () => fail('report.interrupted', `${path} was not written: it was interrupted`);
  if (!replace && (await isThere(path))) return alreadyThere(path);
  let file: WholeFile;
  try {
    file = await WholeFile.begin(path);
  } catch (thrown) {
    return unwritable(path, thrown);
  }
  try {
    for await (const piece of open.pieces()) {
      if (signal?.aborted === true) return interrupted();
      await file.add(typeof piece === 'string' ? Buffer.from(piece) : piece);
    }
    if (signal?.aborted === true) return interrupted();
    const finished = await file.finish(replace);
    return finished.ok ? ok({ rows: open.rowsRead, bytes: file.bytes }) : finished;
  } catch (thrown) {
    return thrown instanceof MusterError ? { ok: false, error: thrown.fault } : unwritable(path, thrown);
  } finally {
    await file.dispose();
  }
}
