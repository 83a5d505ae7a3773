import { address, type RouteFormat } from '../route-format.ts';

/** `#/security/TAB`. */
export interface SecurityRoute {
  readonly view: 'security';
  /** Null for the first. */
  readonly tab: string | null;
}

export const securityRoute: RouteFormat<SecurityRoute> = {
  parse(path) {
    const [matched, tab] = /^\/security(?:\/([a-z-]{1,32}))?$/.exec(path) ?? [];
    return matched === undefined ? null : { view: 'security', tab: tab ?? null };
  },
  print: ({ tab }) => address(tab === null ? '/security' : `/security/${tab}`),
};
