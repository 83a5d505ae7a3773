import { isLoopback } from './loopback.ts';
import type { ProxySettings } from './settings.ts';

/** Whether a server is reached through the proxy: this machine never is. `host` is a name or an address. */
export function goesThrough({ except }: Pick<ProxySettings, 'except'>, host: string): boolean {
  const name = host.toLowerCase();
  return (
    !isLoopback(name) &&
    !except.some((one) => {
      const direct = one.toLowerCase();
      return direct.startsWith('.') ? name.endsWith(direct) : name === direct;
    })
  );
}
