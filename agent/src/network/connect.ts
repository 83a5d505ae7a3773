import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

/** How an attempt to connect went. */
export type Attempt = 'connected' | 'refused' | 'timeout' | 'unreachable';

/** The address of a host, of whichever family the machine prefers; undefined when its name leads to none. */
export async function resolveHost(host: string): Promise<string | undefined> {
  try {
    return (await lookup(host)).address;
  } catch {
    return undefined;
  }
}

function attemptOf(error: Error): Attempt {
  if (error.name === 'AbortError') return 'timeout';
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}

/** Connects to a TCP port, within the limit and until the signal is aborted, and hangs up at once. */
export function attemptConnection(
  { address, port, limitMs }: { readonly address: string; readonly port: number; readonly limitMs: number },
  signal: AbortSignal,
): Promise<Attempt> {
  const { promise, resolve } = Promise.withResolvers<Attempt>();
  const socket = connect({ host: address, port, signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]) });
  socket.once('connect', () => {
    resolve('connected');
    socket.destroy();
  });
  socket.on('error', (error) => {
    resolve(attemptOf(error));
  });
  return promise;
}
