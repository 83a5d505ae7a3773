import { readLines, hasCode } from '../files/index.ts';
import { rotatedFiles } from './files.ts';
import { beforeFirst, hashOf, maxLineBytes, readRecord, type ChainPlace } from './record.ts';

/** Bytes behind the last line feed: what was being written when a process or its computer died. */
export interface TornLine {
  readonly bytes: number;
  /** The first of them, at most {@link keptTornBytes}. */
  readonly head: Buffer;
}

/** What a file ends with. */
export interface FileEnd {
  readonly place: ChainPlace;
  /** The number of the first record that could be read; 0 when there is none. */
  readonly firstSeq: number;
  /** Where the last whole line ends, in bytes. */
  readonly size: number;
  /** Records since the last one that is signed. */
  readonly unsigned: number;
  readonly torn: TornLine | undefined;
}

const emptyEnd: FileEnd = { place: beforeFirst, firstSeq: 0, size: 0, unsigned: 0, torn: undefined };

/** How much of a torn line is kept, in bytes. */
const keptTornBytes = 4096;

/** Reads where the chain of a file goes on. Rejects when it cannot be read; a file that is not there is `undefined`. */
export async function findEnd(file: string): Promise<FileEnd | undefined> {
  let end = emptyEnd;
  try {
    for await (const { bytes, isEnded, endOffset } of readLines(file, maxLineBytes)) {
      const line = bytes ?? Buffer.alloc(0);
      if (!isEnded) {
        return { ...end, torn: { bytes: endOffset - end.size, head: line.subarray(0, keptTornBytes) } };
      }
      const record = readRecord(line);
      const seq = record.ok ? record.value.seq : end.place.seq + 1;
      const isSigned = record.ok && 'signature' in record.value;
      end = {
        place: { seq, hash: hashOf(line) },
        firstSeq: end.firstSeq === 0 ? seq : end.firstSeq,
        size: endOffset,
        unsigned: isSigned ? 0 : end.unsigned + 1,
        torn: undefined,
      };
    }
    return end;
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
}

/** The end of a chain: that of the file, or of the newest full one when the file has no record yet. Rejects when they cannot be read. */
export async function findChainEnd(file: string): Promise<FileEnd> {
  const end = (await findEnd(file)) ?? emptyEnd;
  if (end.firstSeq > 0) return end;
  const newest = (await rotatedFiles(file)).at(-1);
  const before = newest === undefined ? undefined : await findEnd(newest);
  return { ...end, place: before?.place ?? beforeFirst };
}
