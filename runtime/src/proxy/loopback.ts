/** Addresses of this machine itself, as a URL writes them. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Whether a host, as a URL or a person writes it, is this machine. */
export const isLoopback = (host: string): boolean => loopback.test(host);

/** Whether others could read what goes to a URL: by http to another machine. Throws when it is no URL. */
export function goesInTheClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname);
}
