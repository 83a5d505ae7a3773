import type { PuppetNode } from './puppetdb-client.ts';

/** What PuppetDB is told for the tests. `gone` is deactivated afterwards. */
export const nodes: readonly PuppetNode[] = [
  {
    certname: 'web01.example.com',
    facts: {
      os: { family: 'Debian', release: { major: '12' } },
      processors: { count: 4, models: ['Xeon A', 'Xeon B'] },
      virtual: true,
      'a.b': 'c',
      load: 0.5,
      note: '50% (ready)',
    },
    classes: ['Role::Web', 'Profile::Base'],
  },
  {
    certname: 'web02.example.com',
    facts: {
      os: { family: 'RedHat', release: { major: '9' } },
      processors: { count: 16, models: ['EPYC', 'EPYC'] },
      virtual: false,
      load: 3,
    },
    classes: ['Role::Web', 'Profile::Base'],
  },
  {
    certname: 'db01.example.com',
    facts: {
      os: { family: 'Debian', release: { major: '11' } },
      processors: { count: 8, models: ['Xeon A'] },
      virtual: true,
    },
    classes: ['Role::Db'],
  },
  { certname: 'gone.example.com', facts: { os: { family: 'Debian' } }, classes: ['Role::Web'] },
];
export const gone = 'gone.example.com';

interface Question {
  /** A filter in Muster's language, or a query of one's own. */
  readonly ask: { readonly filter: string } | { readonly pql: string } | { readonly ast: string };
  /** Short names of the nodes, without the domain. */
  readonly answer: readonly string[];
}

const filter = (text: string, ...answer: string[]): Question => ({ ask: { filter: text }, answer });

/** Put to the real PuppetDB by `npm run test:puppet`, and to its recorded answers by `npm test`. */
export const questions: readonly Question[] = [
  filter('', 'db01', 'web01', 'web02'),
  filter('os.family=Debian', 'db01', 'web01'),
  filter('os.family!=Debian', 'web02'),
  filter('not os.family=Debian', 'web02'),
  filter('os.family=~/^deb/i', 'db01', 'web01'),
  filter('os.family!~/^Deb/', 'web02'),
  filter('os.release.major=12', 'web01'),
  filter('processors.count=8', 'db01'),
  filter('processors.count>=8', 'db01', 'web02'),
  filter('processors.count<4.5', 'web01'),
  filter('processors.count!=8', 'web01', 'web02'),
  filter('processors.models=EPYC', 'web02'),
  filter('processors.models.1="Xeon B"', 'web01'),
  filter('processors.models=~/^Xeon/', 'db01', 'web01'),
  filter('virtual=true', 'db01', 'web01'),
  filter('virtual!=true', 'web02'),
  filter('a.b=c', 'web01'),
  filter('load=0.5', 'web01'),
  filter('load=3', 'web02'),
  filter('load!=3', 'web01'),
  filter('missing=x'),
  filter('missing!=x'),
  filter('not missing=x', 'db01', 'web01', 'web02'),
  filter('note="50% (ready)"', 'web01'),
  filter('note=~/\\(ready\\)$/', 'web01'),
  filter('role::web', 'web01', 'web02'),
  filter('/^profile::/', 'web01', 'web02'),
  filter('role::web and os.family=Debian', 'web01'),
  filter('role::db or (role::web and not virtual=true)', 'db01', 'web02'),
  filter('@identity=web01.example.com', 'web01'),
  filter('@identity=nosuch.example.com'),
  filter('@identity=gone.example.com'),
  filter('@identity=~/^web/', 'web01', 'web02'),
  filter('@identity=web[01-20].example.com', 'web01', 'web02'),
  filter('@identity=web0[!1].*', 'web02'),
  filter('@identity=?b*', 'db01'),
  { ask: { pql: 'inventory[certname] { facts.os.family = "Debian" }' }, answer: ['db01', 'web01'] },
  { ask: { pql: 'nodes[certname] { node_state = "any" }' }, answer: ['db01', 'web01', 'web02'] },
  { ask: { pql: 'nodes { certname ~ "^web" }' }, answer: ['web01', 'web02'] },
  { ask: { pql: 'nodes[certname] { certname = "nosuch" }' }, answer: [] },
  { ask: { ast: '["from","resources",["extract","certname",["=","title","Role::Db"]]]' }, answer: ['db01'] },
];

/** Queries that PuppetDB refuses. */
export const refused: readonly { readonly pql: string; readonly message: string }[] = [
  { pql: 'nodes[certname] {', message: 'PuppetDB refused the query: PQL parse error at line 1' },
  { pql: 'nosuch[certname] { }', message: 'PuppetDB refused the query' },
  { pql: 'nodes[catalog_environment] { }', message: 'has no certname' },
];
