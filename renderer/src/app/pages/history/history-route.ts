import { address, type RouteFormat } from '../route-format.ts';

/** `#/history?search=…`. */
export interface HistoryRoute {
  readonly view: 'history';
  readonly search: string;
}

export const historyRoute: RouteFormat<HistoryRoute> = {
  parse: (path, params) => (path === '/history' ? { view: 'history', search: params.get('search') ?? '' } : null),
  print: ({ search }) => address('/history', { search }),
};
