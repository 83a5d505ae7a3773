import { crc32 } from 'node:zlib';
import { outcomes } from '@muster/protocol/messages';
import { z } from 'zod';

const timeMs = z.int().nonnegative();
const key = z.string();

/** What is needed to answer a request when nothing else of it is left. */
const askedSchema = z.strictObject({
  requestId: z.string(),
  /** `cert=NAME` of who asked. */
  caller: z.string(),
  agent: z.string(),
  action: z.string(),
  /** The collective that the answer goes out on. */
  collective: z.string(),
  replyTo: z.string().nullable(),
  receivedAtMs: timeMs,
  /** Until when the request could come again. */
  forgetAtMs: timeMs,
});
export type Asked = z.infer<typeof askedSchema>;

/** How a request ended. */
const endingSchema = z.strictObject({
  outcome: z.enum(outcomes),
  statusCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
  statusMessage: z.string(),
  data: z.record(z.string(), z.json()),
  startedAtMs: timeMs.nullable(),
  finishedAtMs: timeMs.nullable(),
});
export type Ending = z.infer<typeof endingSchema>;

const recordSchema = z.discriminatedUnion('kind', [
  /** The action is about to begin. */
  z.strictObject({ kind: z.literal('begun'), key, asked: askedSchema, startedAtMs: timeMs }),
  /** It has ended, or the request was refused. It stands for itself: what was begun may be lost. */
  z.strictObject({ kind: z.literal('verdict'), key, asked: askedSchema, ending: endingSchema, sent: z.boolean() }),
  /** The broker has taken the answer. */
  z.strictObject({ kind: z.literal('sent'), key }),
  /** A request that has not come yet was cancelled. */
  z.strictObject({ kind: z.literal('cancelled'), key, by: z.string(), forgetAtMs: timeMs }),
  /** Records were lost to damage: of requests issued before, nobody can say whether they were begun. */
  z.strictObject({ kind: z.literal('unsure'), beforeMs: timeMs }),
]);
export type JournalRecord = z.infer<typeof recordSchema>;

const newline = 0x0a;

/**
 * A record on a line of its own: eight hexadecimal digits of CRC-32, a blank, JSON. It begins with the end of a line too, so
 * that no damage to one record reaches the next.
 */
export function encodeRecord(record: JournalRecord): Buffer {
  const json = Buffer.from(JSON.stringify(record));
  const head = `\n${crc32(json).toString(16).padStart(8, '0')} `;
  // Not from Node's pool: a record is kept for more than an hour, and each would keep 8 KiB of the pool with it.
  const bytes = Buffer.allocUnsafeSlow(head.length + json.length + 1);
  bytes.write(head, 'latin1');
  json.copy(bytes, head.length);
  bytes[bytes.length - 1] = newline;
  return bytes;
}

/** The record of a line; undefined when it is damaged. */
function decodeLine(line: Buffer): JournalRecord | undefined {
  const json = line.subarray(9);
  if (line.toString('latin1', 0, 9) !== `${crc32(json).toString(16).padStart(8, '0')} `) return undefined;
  try {
    return recordSchema.safeParse(JSON.parse(json.toString())).data;
  } catch {
    return undefined;
  }
}

/** The one record that {@link encodeRecord} made these bytes of; undefined when they are damaged. */
export const decodeRecord = (bytes: Buffer): JournalRecord | undefined => decodeLine(bytes.subarray(1, -1));

/**
 * A file of records is as long as a multiple of this, in bytes; what no record needs is filled with zeros. So a file that was cut shows it
 * even where it was cut between two records.
 */
export const blockBytes = 64 * 1024;

/** Zeros that fill a file of records up to the end of its block. */
export const paddingAfter = (sizeBytes: number): Buffer =>
  Buffer.alloc(sizeBytes === 0 ? blockBytes : (blockBytes - (sizeBytes % blockBytes)) % blockBytes);

/** Where the records of a file end and its zeros begin, in bytes. */
export function endOfRecords(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end;
}

/** Where a file is damaged: at its end, as a crash in the middle of writing leaves it, or before intact records. */
export type Damage = 'none' | 'tail' | 'middle';

/** All intact records of a file, in order, and what was wrong with the rest. */
export function decodeRecords(file: Buffer): { readonly records: readonly JournalRecord[]; readonly damage: Damage } {
  const records: JournalRecord[] = [];
  const bytes = file.subarray(0, endOfRecords(file));
  const isCut = file.length === 0 || file.length % blockBytes !== 0;
  let damage: Damage = 'none';
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    start = end + 1;
    if (line.length === 0) continue;
    const record = decodeLine(line);
    if (record === undefined) damage = damage === 'none' ? 'tail' : damage;
    else {
      records.push(record);
      if (damage === 'tail') damage = 'middle';
    }
  }
  return { records, damage: damage === 'none' && isCut ? 'tail' : damage };
}
