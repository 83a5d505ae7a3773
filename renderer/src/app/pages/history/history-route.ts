import { printRunFilter, readRunFilter, type RunFilter } from '../../../features/run-list/run-filter.ts';
import { address, type RouteFormat } from '../route-format.ts';

/** `#/history?search=…&action=…`: words to look for, and conditions beside them. */
export interface HistoryRoute {
  readonly view: 'history';
  readonly search: string;
  /** Absent for none. */
  readonly filter?: RunFilter;
}

export const historyRoute: RouteFormat<HistoryRoute> = {
  parse(path, params) {
    if (path !== '/history') return null;
    const filter = readRunFilter(params);
    const given = Object.keys(filter).length === 0 ? {} : { filter };
    return { view: 'history', search: params.get('search') ?? '', ...given };
  },
  print: ({ search, filter = {} }) => address('/history', { search, ...printRunFilter(filter) }),
};
