import { goesThrough } from './goes-through.ts';
import { openTunnel, type Tunnel } from './open-tunnel.ts';
import type { Server } from './server.ts';
import type { ProxySettings } from './settings.ts';

/**
 * The way to a server: what the proxy opened, or `directly`, where there is none or the server is excepted.
 *
 * @param signal Ends the attempt; the socket is the caller's once it is there.
 */
export async function wayTo(
  proxy: ProxySettings | undefined,
  server: Server,
  signal: AbortSignal,
): Promise<Tunnel | 'directly'> {
  return proxy === undefined || !goesThrough(proxy, server.host) ? 'directly' : openTunnel(proxy, server, signal);
}
