/** An HTTP proxy that connections to other servers go through, by `CONNECT`. All file contents are already read. */
export interface ProxySettings {
  /** `http://host:port` or `https://host:port`. */
  readonly url: string;
  /** Who logs in at the proxy; nobody when absent. */
  readonly account?: { readonly username: string; readonly password: string };
  /** PEM of the authorities that issued the proxy's certificate; those that Node.js knows when absent. */
  readonly ca?: string;
  /** Servers that are reached directly: a name or an address, or `.example.com` for all names below it. */
  readonly except: readonly string[];
}
