import { address, type RouteFormat } from '../route-format.ts';

/** `#/runs/ID?node=…`: `node` is the one whose answer is open. */
export interface RunRoute {
  readonly view: 'run';
  readonly runId: string;
  readonly node: string | null;
}

export const runRoute: RouteFormat<RunRoute> = {
  parse(path, params) {
    const runId = /^\/runs\/([0-9a-f]{32})$/.exec(path)?.[1];
    return runId === undefined ? null : { view: 'run', runId, node: params.get('node') };
  },
  print: ({ runId, node }) => address(`/runs/${runId}`, { node }),
};
