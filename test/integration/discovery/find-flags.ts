import type { Fleet } from '@muster/build/fleet';

type FleetNode = Fleet['nodes'][number];

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Steps into the facts of a generated node. */
function fact({ facts }: FleetNode, path: string): unknown {
  let value: unknown = facts;
  for (const step of path.split('.')) {
    value =
      typeof value === 'object' && value !== null
        ? new Map<string, unknown>(Object.entries(value)).get(step)
        : undefined;
  }
  return value;
}

const isWeb = ({ classes }: FleetNode) => classes.includes('role::web');
const isDebian = (node: FleetNode) => fact(node, 'os.family') === 'Debian';
const processors = (node: FleetNode) => Number(fact(node, 'processors.count'));

/** Each flag of `find` on a generated fleet, and whom it means. */
export const findFlags: readonly {
  readonly args: readonly string[];
  readonly matches: (node: FleetNode) => boolean;
}[] = [
  { args: [], matches: () => true },
  { args: ['-F', 'os.family=Debian'], matches: isDebian },
  { args: ['-F', 'os.family!=Debian'], matches: (node) => !isDebian(node) },
  { args: ['-F', 'processors.count>=4'], matches: (node) => processors(node) >= 4 },
  { args: ['-F', 'os.family=/^deb/i', '-F', 'role=web'], matches: (node) => isDebian(node) && isWeb(node) },
  { args: ['-C', 'role::web'], matches: isWeb },
  {
    args: ['-C', '/^profile::(nginx|redis)$/'],
    matches: ({ classes }) => classes.some((name) => /^profile::(nginx|redis)$/.test(name)),
  },
  { args: ['-I', '/^db/'], matches: ({ identity }) => identity.startsWith('db') },
  { args: ['-I', 'web[01-03].*', '-I', 'app01.*'], matches: ({ identity }) => /^(web0[1-3]|app01)\./.test(identity) },
  { args: ['-A', 'rpcutil'], matches: () => true },
  { args: ['-A', 'nosuch'], matches: () => false },
  { args: ['-W', 'os.family=Debian role::web'], matches: (node) => isDebian(node) && isWeb(node) },
  {
    args: ['-S', '(role::db or role::cache) and not os.family=RedHat'],
    matches: (node) =>
      node.classes.some((name) => name === 'role::db' || name === 'role::cache') &&
      fact(node, 'os.family') !== 'RedHat',
  },
  { args: ['-T', 'odd'], matches: ({ collectives }) => collectives.includes('odd') },
  { args: ['-T', 'odd', '-C', 'role::web'], matches: (node) => node.collectives.includes('odd') && isWeb(node) },
];
