import { statusCodes } from '@muster/protocol/messages';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { JournalFiles } from './journal-files.ts';
import { decodeRecords, encodeRecord, type Ending, type JournalRecord } from './record.ts';
import { spareMs, type RequestBook } from './request-book.ts';

const interruptedText = 'The agent ended while the action ran; it is not run again';

/** The verdict on what an earlier process began and did not end. */
export const interrupted = (startedAtMs: number | null, statusMessage = interruptedText): Ending => ({
  outcome: 'interrupted',
  statusCode: statusCodes.unknownError,
  statusMessage,
  data: {},
  startedAtMs,
  finishedAtMs: null,
});

function apply(book: RequestBook, record: Exclude<JournalRecord, { kind: 'unsure' }>): void {
  const { key } = record;
  const answered = (verdict: Extract<JournalRecord, { kind: 'verdict' }>): void => {
    const { asked, sent } = verdict;
    const entry = { status: 'answered', isSent: sent, isDurable: true } as const;
    book.add(key, { ...entry, forgetAtMs: asked.forgetAtMs, record: encodeRecord(verdict) });
  };
  switch (record.kind) {
    case 'begun': {
      const { asked, startedAtMs } = record;
      const ending = interrupted(startedAtMs);
      return answered({ kind: 'verdict', key, asked, ending, sent: asked.replyTo === null });
    }
    case 'verdict':
      return answered(record);
    case 'cancelled': {
      const { forgetAtMs } = record;
      const entry = { status: 'cancelled', isSent: true, isDurable: true } as const;
      return book.add(key, { ...entry, forgetAtMs, record: encodeRecord(record) });
    }
    case 'sent': {
      const entry = book.get(key, -Infinity);
      if (entry?.status === 'answered') book.update(entry, { isSent: true });
    }
  }
}

/**
 * Fills a book with what a file says. Gives the moment before which requests may have been begun without a record of it,
 * since damage was found; -Infinity when nothing was ever lost.
 */
export async function readJournal(
  book: RequestBook,
  options: {
    readonly file: string;
    readonly clock: Clock;
    readonly files: JournalFiles;
    readonly onFault: (fault: Fault) => void;
  },
): Promise<{ readonly unsureBeforeMs: number }> {
  const { file, clock, files, onFault } = options;
  const bytes = await files.read(file);
  if (bytes === undefined) return { unsureBeforeMs: -Infinity };
  const { records, damage } = decodeRecords(bytes);
  let unsureBeforeMs = damage === 'none' ? -Infinity : clock();
  for (const record of records) {
    if (record.kind === 'unsure') unsureBeforeMs = Math.max(unsureBeforeMs, record.beforeMs);
    else apply(book, record);
  }
  // An answer that has not arrived, as far as known, is kept for a while, however long nobody was there to send it.
  for (const [, entry] of book.entries()) {
    if (!entry.isSent) book.update(entry, { forgetAtMs: Math.max(entry.forgetAtMs, clock() + spareMs) });
  }
  if (damage === 'tail') {
    onFault({ code: 'storage.corrupt', message: `The end of ${file} is damaged and was cut off` });
  } else if (damage === 'middle') {
    await files.keep(file, `${file}.damaged`);
    const message = `${file} is damaged; it is kept as ${file}.damaged, and what is intact of it was taken over`;
    onFault({ code: 'storage.corrupt', message });
  }
  return { unsureBeforeMs };
}
