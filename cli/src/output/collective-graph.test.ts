import { expect, it } from 'vitest';
import { collectiveGraph } from './collective-graph.ts';

const memberships = new Map([
  ['web1', ['muster', 'eu']],
  ['web2', ['eu', 'muster']],
  ['db"1', ['muster']],
]);

it('draws DOT, with nodes of the same collectives as one box', () => {
  expect(collectiveGraph(memberships, 'dot')).toBe(`graph collectives {
  rankdir=LR;
  c0 [label="eu", shape=ellipse];
  c1 [label="muster", shape=ellipse];
  n0 [label="2 nodes", shape=box];
  n1 [label="db\\"1", shape=box];
  c0 -- n0;
  c1 -- n0;
  c1 -- n1;
}
`);
});

it('draws Mermaid', () => {
  expect(collectiveGraph(memberships, 'mermaid')).toBe(`graph LR
  c0(["eu"])
  c1(["muster"])
  n0["2 nodes"]
  n1["db#quot;1"]
  c0 --- n0
  c1 --- n0
  c1 --- n1
`);
});
