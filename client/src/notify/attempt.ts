import type { Socket } from 'node:net';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { cleanLine } from '@muster/protocol/text';
import { readSmallFile } from '@muster/runtime/config';
import { wayTo, type ProxySettings, type Server } from '@muster/runtime/proxy';

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

/** A server that takes notifications. */
export interface Receiver extends Server {
  /** What of its address may be shown. */
  readonly shown: string;
}

/**
 * One attempt at a receiver within its time, over what a proxy opened where there is one. `send` may throw, which `judge` explains.
 *
 * Errors: `notify.failed`, `run.interrupted`, those of both.
 */
export async function attemptAt(
  { host, port, shown }: Receiver,
  { proxy, timeoutMs, signal }: AttemptOptions,
  send: (socket: Socket | undefined, signal: AbortSignal) => Promise<Attempt>,
  judge: (thrown: unknown) => Attempt,
): Promise<Attempt> {
  const time = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([time, signal]);
  const interrupted = (): Attempt => fail('run.interrupted', `Interrupted while ${shown} was told`);
  try {
    const way = await wayTo(proxy, { host, port }, either);
    if (way === 'directly') return await send(undefined, either);
    if ('socket' in way) return await send(way.socket, either);
    if (signal.aborted) return interrupted();
    return fail('notify.failed', quoted(way.trouble), { mend: 'Check proxy in console.yaml.' });
  } catch (thrown) {
    if (signal.aborted) return interrupted();
    if (time.aborted) return fail('notify.failed', `${shown} did not answer within ${timeoutMs / 1000} seconds`);
    return judge(thrown);
  }
}

/** Whether the code of an error of Node.js is about TLS. */
export const isTlsTrouble = (code: string): boolean =>
  /^(ERR_SSL|ERR_TLS|EPROTO|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|ETLS)/.test(code);
