import { createHash } from 'node:crypto';
import type { Registration } from '@muster/protocol/messages';
import { isFactMap, stableFacts, toFactValue, type Facts, type FactValue } from '../facts/index.ts';
import type { NodeView } from '../node/index.ts';

export type Digests = Registration['digests'];

/** JSON with the keys of all objects in order, so that equal values give equal text. */
function canonicalJson(value: FactValue): string {
  if (isFactMap(value)) {
    const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  return JSON.stringify(value);
}

/** SHA-256 over canonical JSON, 64 hexadecimal digits. */
const digestOf = (value: FactValue): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** Of the descriptions of agents and data plugins: a console that knows the digest knows all that the node can do. */
function pluginsDigest(node: Pick<NodeView, 'agents' | 'dataPlugins'>): string {
  const byName = (left: { readonly name: string }, right: { readonly name: string }) =>
    left.name < right.name ? -1 : 1;
  const agents = [...node.agents.values()].sort(byName);
  const data = [...node.dataPlugins.values()].map(({ ddl }) => ddl).sort(byName);
  // A round trip through JSON leaves out what a description does not set.
  return digestOf(toFactValue(JSON.parse(JSON.stringify([agents, data]))));
}

/** Digests of what a node says of itself. Facts go in without those that differ whenever one looks, else every digest would. */
export function createDigester(node: Omit<NodeView, 'digests'>): () => Promise<Digests> {
  const collectives = digestOf(node.collectives);
  let seen: { readonly facts: Facts; readonly digest: string } | undefined;
  let described: { readonly agents: NodeView['agents']; readonly digest: string } | undefined;
  return async () => {
    const facts = await node.facts();
    if (seen?.facts !== facts) seen = { facts, digest: digestOf(stableFacts(facts)) };
    // Whoever looks for nodes asks for this, so it is not made anew each time.
    if (described?.agents !== node.agents) described = { agents: node.agents, digest: pluginsDigest(node) };
    return { facts: seen.digest, classes: digestOf(await node.classes()), agents: described.digest, collectives };
  };
}
