import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { serverOf, tlsName, type Server } from './server.ts';
import type { ProxySettings } from './settings.ts';

/** A connection to a server through a proxy, or why there is none, in words for a person. */
export type Tunnel = { readonly socket: Socket } | { readonly trouble: string };

const login = ({ account }: ProxySettings): Readonly<Record<string, string>> =>
  account === undefined
    ? {}
    : { 'proxy-authorization': `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}` };

const refusal = (status: number): string =>
  status === 407
    ? 'wants to know who we are, or refused the password (HTTP 407)'
    : `did not let us through (HTTP ${status})`;

/** How TLS to the proxy is begun: its own name counts, not that of the server behind it. */
const tlsTo = ({ ca }: ProxySettings, host: string) => ({
  minVersion: 'TLSv1.2' as const,
  servername: tlsName(host),
  ...(ca === undefined ? {} : { ca }),
});

/**
 * Has a proxy connect us with a server. What is said there is for the server alone once TLS is begun on the socket.
 *
 * @param signal Ends the attempt; the socket is the caller's once it is there.
 */
export async function openTunnel(proxy: ProxySettings, { host, port }: Server, signal: AbortSignal): Promise<Tunnel> {
  const url = new URL(proxy.url);
  const { origin } = url;
  const isSecure = url.protocol === 'https:';
  const own = serverOf(url, isSecure ? 443 : 80);
  const { request } = await (isSecure ? import('node:https') : import('node:http'));
  const path = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    const [response, socket, head] = await new Promise<[IncomingMessage, Socket, Buffer]>((resolve, reject) => {
      request({
        method: 'CONNECT',
        ...own,
        path,
        headers: { host: path, ...login(proxy) },
        agent: false,
        signal,
        ...(isSecure ? tlsTo(proxy, own.host) : {}),
      })
        .once('connect', (...answer) => resolve(answer))
        .once('error', reject)
        .end();
    });
    const { statusCode: status = 0 } = response;
    if (status < 200 || status > 299) {
      socket.destroy();
      return { trouble: `The proxy ${origin} ${refusal(status)}` };
    }
    if (head.length > 0) socket.unshift(head);
    return { socket };
  } catch (thrown) {
    if (signal.aborted) return { trouble: `The proxy ${origin} did not answer in time` };
    return {
      trouble: `The proxy ${origin} cannot be reached: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    };
  }
}
