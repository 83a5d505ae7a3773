import { isIP } from 'node:net';

/** A server that is connected to. */
export interface Server {
  /** Its name or address, without the brackets that a URL has around some. */
  readonly host: string;
  readonly port: number;
}

/** The server that a URL leads to, at its own port or else the usual one. */
export const serverOf = ({ hostname, port }: URL, usualPort: number): Server => ({
  host: hostname.replaceAll(/[[\]]/g, ''),
  port: port === '' ? usualPort : Number(port),
});

/** The name that TLS asks a server for; empty for an address, which has none. */
export const tlsName = (host: string): string => (isIP(host) === 0 ? host : '');
