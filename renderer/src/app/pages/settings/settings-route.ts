import { address, type RouteFormat } from '../route-format.ts';

/** `#/settings/TAB`. */
export interface SettingsRoute {
  readonly view: 'settings';
  /** Null for the first. */
  readonly tab: string | null;
}

export const settingsRoute: RouteFormat<SettingsRoute> = {
  parse(path) {
    const [matched, tab] = /^\/settings(?:\/([a-z-]{1,32}))?$/.exec(path) ?? [];
    return matched === undefined ? null : { view: 'settings', tab: tab ?? null };
  },
  print: ({ tab }) => address(tab === null ? '/settings' : `/settings/${tab}`),
};
