import {
  resultDetailShape,
  runActionShape,
  runSummaryShape,
  type ResultDetail,
  type RunAction,
  type RunNote,
  type RunSummary,
} from '@muster/protocol/bridge';
import { z } from 'zod';

/** Of the lines of an archived run; grows when their meaning changes. The first had no certificates and messages, the second no notes. */
const archiveFormat = 3;
const knownFormats = [1, 2, archiveFormat];

/** A run as it stands in an archive. */
export interface ArchivedRun {
  readonly summary: RunSummary;
  /** Null for runs from before that was kept. */
  readonly described: RunAction | null;
  readonly nodes: readonly ResultDetail[];
  /** What people have written on it, the oldest first. */
  readonly notes: readonly ArchivedNote[];
  /** What was signed, with the certificate of each. */
  readonly signed: readonly (ArchivedMessage & { readonly certificate: Uint8Array })[];
}

/** What somebody has written on an archived run. */
export type ArchivedNote = Omit<RunNote, 'noteId'>;

/** A message of an archived run as it was signed. */
export interface ArchivedMessage {
  readonly kind: 'request' | 'reply';
  /** Null for a request to all that a filter matches. */
  readonly identity: string | null;
  /** Fingerprint of the certificate. */
  readonly signedBy: string;
  /** See `DetachedFrame`. */
  readonly rest: Uint8Array;
}

const kindShape = z.object({ kind: z.string() });
const formatShape = z.object({ format: z.int() });
const runLineShape = runSummaryShape.extend({
  runId: z.string().regex(/^[0-9a-f]{32}$/),
  state: z.enum(['finished', 'stopped', 'cancelled', 'failed']),
  finishedAtMs: runSummaryShape.shape.finishedAtMs.unwrap(),
  // Lines of earlier builds do not have it.
  holdUntilMs: z.null().default(null),
  described: runActionShape.nullable(),
});
const base64 = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const certificateLineShape = z.object({ runId: z.string(), fingerprint, der: base64 });
const messageLineShape = z.object({
  runId: z.string(),
  message: z.enum(['request', 'reply']),
  identity: z.string().min(1).nullable(),
  signedBy: fingerprint,
  rest: base64,
});
const noteLineShape = z.object({ runId: z.string(), person: z.string(), text: z.string(), atMs: z.number() });
const nodeLineShape = resultDetailShape.extend({ runId: z.string() });

/** What a line of an archive says, or what is wrong with it. */
export type ArchiveLine =
  | { readonly kind: 'run'; readonly summary: RunSummary; readonly described: RunAction | null }
  | { readonly kind: 'note'; readonly runId: string; readonly note: ArchivedNote }
  | { readonly kind: 'node'; readonly runId: string; readonly node: ResultDetail }
  | { readonly kind: 'certificate'; readonly runId: string; readonly fingerprint: string; readonly der: Uint8Array }
  | { readonly kind: 'message'; readonly runId: string; readonly message: ArchivedMessage }
  | { readonly kind: 'damaged'; readonly problem: string };

const damaged = (problem: string): ArchiveLine => ({ kind: 'damaged', problem });

function misfit({ issues: [issue] }: z.ZodError): ArchiveLine {
  return damaged(issue === undefined ? 'it does not fit' : `${issue.path.join('.')}: ${issue.message}`);
}

/** The line about a run that has ended. */
export const writeRunLine = ({ summary, described }: Pick<ArchivedRun, 'summary' | 'described'>): string =>
  JSON.stringify({ kind: 'run', format: archiveFormat, ...summary, described });

/** The line about a note on it. */
export const writeNoteLine = (runId: string, note: ArchivedNote): string =>
  JSON.stringify({ kind: 'note', runId, ...note });

/** The line about one of its nodes. */
export const writeNodeLine = (runId: string, node: ResultDetail): string =>
  JSON.stringify({ kind: 'node', runId, ...node });

/** The line about a certificate, which comes before those that need it. */
export const writeCertificateLine = (runId: string, certificate: string, der: Uint8Array): string =>
  JSON.stringify({ kind: 'certificate', runId, fingerprint: certificate, der: Buffer.from(der).toString('base64') });

/** The line about what was signed. */
export const writeMessageLine = (runId: string, { kind, rest, ...message }: ArchivedMessage): string =>
  JSON.stringify({ kind: 'message', runId, message: kind, ...message, rest: Buffer.from(rest).toString('base64') });

function readSignedLine(kind: 'certificate' | 'message', value: unknown): ArchiveLine {
  if (kind === 'certificate') {
    const read = certificateLineShape.safeParse(value);
    return read.success ? { kind, ...read.data } : misfit(read.error);
  }
  const read = messageLineShape.safeParse(value);
  if (!read.success) return misfit(read.error);
  const { runId, message, identity, signedBy, rest } = read.data;
  return { kind, runId, message: { kind: message, identity, signedBy, rest } };
}

/** Reads one line of an archive. */
export function readArchiveLine(text: string): ArchiveLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('it is not JSON');
  }
  const { data: { kind } = { kind: '' } } = kindShape.safeParse(value);
  if (kind === 'node') {
    const read = nodeLineShape.safeParse(value);
    if (!read.success) return misfit(read.error);
    const { runId, ...node } = read.data;
    return { kind, runId, node };
  }
  if (kind === 'note') {
    const read = noteLineShape.safeParse(value);
    if (!read.success) return misfit(read.error);
    const { runId, ...note } = read.data;
    return { kind, runId, note };
  }
  if (kind === 'certificate' || kind === 'message') return readSignedLine(kind, value);
  if (kind !== 'run') return damaged('it is of no known kind');
  const format = formatShape.safeParse(value).data?.format;
  if (format === undefined || !knownFormats.includes(format))
    return damaged(`its format is ${format ?? 'not said'}, and only ${knownFormats.join(' and ')} are known`);
  const read = runLineShape.safeParse(value);
  if (!read.success) return misfit(read.error);
  const { described, ...summary } = read.data;
  return { kind, summary, described };
}
