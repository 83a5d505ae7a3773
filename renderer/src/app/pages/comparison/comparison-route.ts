import { address, type RouteFormat } from '../route-format.ts';

/** `#/runs/ID/compare/ID?node=…`: two runs, the earlier one first; `node` is the one whose differences are open. */
export interface ComparisonRoute {
  readonly view: 'comparison';
  readonly before: string;
  readonly after: string;
  readonly node: string | null;
}

export const comparisonRoute: RouteFormat<ComparisonRoute> = {
  parse(path, params) {
    const [, before, after] = /^\/runs\/([0-9a-f]{32})\/compare\/([0-9a-f]{32})$/.exec(path) ?? [];
    if (before === undefined || after === undefined) return null;
    return { view: 'comparison', before, after, node: params.get('node') };
  },
  print: ({ before, after, node }) => address(`/runs/${before}/compare/${after}`, { node }),
};
