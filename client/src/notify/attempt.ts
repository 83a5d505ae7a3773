import { ok, type Fault, type Result } from '@muster/protocol/errors';
import { cleanLine } from '@muster/protocol/text';
import { readSmallFile } from '@muster/runtime/config';

/** What is sent, and under which id. */
export interface Message {
  readonly id: string;
  /** The document as JSON. */
  readonly body: string;
}

/** What came of one attempt: in a receiver's own words, cleaned and cut, or why it failed. */
export type Attempt =
  | { readonly ok: true; readonly answer: string }
  | {
      readonly ok: false;
      readonly error: Fault;
      /** How long the receiver asks not to be asked again, in milliseconds. */
      readonly waitMs?: number;
    };

export interface AttemptOptions {
  readonly nowMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The most of what a receiver says that is repeated, in characters. */
const quotedLength = 200;

/** Words of a receiver on one line, bounded, and harmless on a screen. */
export const quoted = (text: string): string => cleanLine(text.replaceAll(/\s+/g, ' ').trim().slice(0, quotedLength));

/** The authorities of a receiver, PEM; undefined for those that Node.js knows. Errors: `config.unreadable`. */
export async function readAuthorities(file: string | null): Promise<Result<string | undefined>> {
  return file === null ? ok(undefined) : readSmallFile(file);
}

/** Whether the code of an error of Node.js is about TLS. */
export const isTlsTrouble = (code: string): boolean =>
  /^(ERR_SSL|ERR_TLS|EPROTO|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|ETLS)/.test(code);
