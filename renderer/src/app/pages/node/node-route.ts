import { identityPattern } from '@muster/protocol/identity';
import { address, type RouteFormat } from '../route-format.ts';

/** `#/nodes/NAME?tab=…&with=…`: `other` is the node that it is compared with. */
export interface NodeRoute {
  readonly view: 'node';
  readonly identity: string;
  /** Null for the first. */
  readonly tab: string | null;
  readonly other: string | null;
}

const nameOf = (text: string | null): string | null => (text !== null && identityPattern.test(text) ? text : null);

export const nodeRoute: RouteFormat<NodeRoute> = {
  parse(path, params) {
    const identity = nameOf(/^\/nodes\/([^/]+)$/.exec(path)?.[1] ?? null);
    if (identity === null) return null;
    return { view: 'node', identity, tab: params.get('tab'), other: nameOf(params.get('with')) };
  },
  print: ({ identity, tab, other }) => address(`/nodes/${identity}`, { tab, with: other }),
};
