import { resultDetailShape, runActionShape, runSummaryShape } from '@muster/protocol/bridge';
import { z } from 'zod';

/** Of the lines of a file of evidence; grows when their meaning changes. */
export const evidenceFormat = 1;

/** The longest line, without its line feed, in bytes: the head of a run for 100,000 nodes, each with a name of 255 letters. */
export const longestLineBytes = 32 * 1024 * 1024;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Bytes in base64, in the one spelling that they have. */
const bytes = z.base64().transform((text, context) => {
  const buffer = Buffer.from(text, 'base64');
  if (buffer.toString('base64') !== text) context.addIssue('it is not the usual base64');
  return new Uint8Array(buffer);
});
const count = z.int().nonnegative();

/** A message without its certificate: see `DetachedFrame`. */
const message = { signedBy: digest, rest: bytes };

/** The first line: which run, as the console that wrote the file knows it. */
const headShape = z.strictObject({
  kind: z.literal('evidence'),
  format: z.literal(evidenceFormat),
  /** When the file was written, in milliseconds since the epoch. */
  exportedAtMs: count,
  version: z.string(),
  summary: runSummaryShape,
  described: runActionShape.nullable(),
});

/** A certificate in DER. It comes before the first message that it signed. */
const certificateShape = z.strictObject({ kind: z.literal('certificate'), fingerprint: digest, der: bytes });

/** A request; `identity` is null when it went to all that a filter matches. */
const requestShape = z.strictObject({ kind: z.literal('request'), identity: z.string().min(1).nullable(), ...message });

/** What became of a node, as the console shows it, and what the node signed. */
const nodeShape = z.strictObject({
  kind: z.literal('node'),
  row: resultDetailShape,
  reply: z.strictObject(message).nullable(),
});

/** The last line: how many lines there are before it, their digest, and a signature of whoever wrote the file. */
const sealShape = z.strictObject({
  kind: z.literal('seal'),
  lines: count,
  /** SHA-256 of all bytes before this line. */
  sha256: digest,
  signedBy: digest,
  signature: bytes,
});

export const lineShape = z.discriminatedUnion('kind', [
  headShape,
  certificateShape,
  requestShape,
  nodeShape,
  sealShape,
]);
export type EvidenceLine = z.infer<typeof lineShape>;
export type EvidenceHead = z.infer<typeof headShape>;
export type EvidenceSeal = z.infer<typeof sealShape>;

/** What a seal signs; nothing else that Muster signs begins like it. */
export const sealedBytes = ({ lines, sha256 }: Pick<EvidenceSeal, 'lines' | 'sha256'>): Uint8Array =>
  Buffer.from(`muster evidence ${evidenceFormat}\n${lines}\n${sha256}\n`);

/** How bytes stand in a line. */
export const bytesText = (from: Uint8Array): string => Buffer.from(from).toString('base64');
