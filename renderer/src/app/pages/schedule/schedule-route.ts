import { address, type RouteFormat } from '../route-format.ts';

/** `#/schedule`. */
export interface ScheduleRoute {
  readonly view: 'schedule';
}

export const scheduleRoute: RouteFormat<ScheduleRoute> = {
  parse: (path) => (path === '/schedule' ? { view: 'schedule' } : null),
  print: () => address('/schedule'),
};
