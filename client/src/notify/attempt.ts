import type { Socket } from 'node:net';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { cleanLine } from '@muster/protocol/text';
import { readSmallFile } from '@muster/runtime/config';
import { wayTo, type ProxySettings } from '@muster/runtime/proxy';

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
  /** The proxy that receivers are reached through; directly when absent. */
  readonly proxy?: ProxySettings | undefined;
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

/** Why an attempt came to nothing that the console itself broke off. */
export const interrupted = (server: string): Attempt => fail('run.interrupted', `Interrupted while ${server} was told`);

/** What a proxy opened to a receiver; undefined where it is reached directly. Errors: `notify.failed`. */
export async function socketTo(
  proxy: ProxySettings | undefined,
  receiver: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Result<Socket | undefined>> {
  const way = await wayTo(proxy, receiver, signal);
  if (way === 'directly') return ok(undefined);
  return 'trouble' in way
    ? fail('notify.failed', quoted(way.trouble), { mend: 'Check proxy in console.yaml.' })
    : ok(way.socket);
}

/** Whether the code of an error of Node.js is about TLS. */
export const isTlsTrouble = (code: string): boolean =>
  /^(ERR_SSL|ERR_TLS|EPROTO|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|ETLS)/.test(code);
