import { formatNumber } from '../format.ts';

const nodes = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'node' : 'nodes'}`;

/** Texts of the page about packages, services and resources. */
export const softwareTexts = {
  software: {
    title: 'Software',
    kinds: { package: 'Package', service: 'Service', resource: 'Resource', updates: 'Updates' },
    kindsLabel: 'What to ask about',
    name: { package: 'Name of the package', service: 'Name of the service', resource: 'Title' },
    type: 'Type',
    typePlaceholder: 'file, user, cron…',
    nonePast: 'Nothing asked yet: type a name',
    whom: 'Whom to ask',
    ask: 'Ask',
    askAgain: 'Ask again',
    asking: 'Asking…',
    asked: (age: string) => `Asked ${age}`,
    openRun: 'Open the run',
    choose: 'See versions and states across the fleet',
    chooseMore:
      'Name a package, a service or a resource: nodes answer how it is on them, and those that answer the same are shown together.',
    recent: 'Asked before',
    recentNodes: (count: number) => `on ${nodes(count)}`,
    allUpdates: 'All packages that could be newer',
    lacking: (agent: string) => `No node has the agent ${agent}`,
    lackingMore: 'Nodes answer such questions by it. Where it is active is in the catalogue.',
    awaiting: (answered: number, expected: number) => `${formatNumber(answered)} of ${nodes(expected)} answered so far`,
    nobody: 'Nobody has answered yet',
    nobodyMore: 'Groups appear as answers arrive.',
    headline: {
      alike: (count: number) => (count === 1 ? 'One node' : `The same on all ${nodes(count)}`),
      different: (groups: number, count: number) => `${formatNumber(groups)} different on ${nodes(count)}`,
      soFar: (groups: number) =>
        groups === 1 ? 'The same everywhere so far' : `${formatNumber(groups)} different so far`,
      partly: (groups: number, answered: number, all: number) =>
        groups === 0
          ? `None of ${nodes(all)} answered`
          : `${formatNumber(answered)} of ${nodes(all)} answered: ${groups === 1 ? 'the same' : `${formatNumber(groups)} different`}`,
    },
    state: {
      absent: 'Not installed',
      running: 'Running',
      stopped: 'Stopped',
      unknown: 'Unknown',
      differs: 'Other parameters',
      asMost: 'As on most nodes',
    },
    act: (count: number) => `Act on ${nodes(count)}`,
    aim: 'Another action…',
    acts: {
      install: 'Install the newest version…',
      installVersion: (version: string) => `Install ${version}…`,
      update: 'Update to the newest version…',
      uninstall: 'Uninstall…',
      purge: 'Uninstall with its configuration…',
      start: 'Start…',
      stop: 'Stop…',
      restart: 'Restart…',
      enable: 'Start it with the node…',
      disable: 'No longer start it with the node…',
      runonce: 'Run Puppet…',
      again: 'Ask these again…',
    },
    updates: {
      label: 'Packages that could be newer',
      search: 'Find packages',
      clearSearch: 'Show all packages',
      headline: (packages: number, answered: number) =>
        packages === 1
          ? `One package could be newer, of ${nodes(answered)} that answered`
          : `${formatNumber(packages)} packages could be newer, of ${nodes(answered)} that answered`,
      current: (count: number) => `${nodes(count)} with nothing to update`,
      columns: { package: 'Package', version: 'Newest version', nodes: 'Nodes' },
      others: (count: number) => `and ${formatNumber(count)} more`,
      update: (count: number) => `Update on ${nodes(count)}…`,
      look: (name: string) => `See the versions of ${name}`,
      none: 'Nothing to update',
      noneMore:
        'All nodes that answered have the newest of what they know. Nodes learn of newer packages by package refresh.',
      noMatch: 'No package has such a name',
      shown: (shown: number, total: number) => `${formatNumber(shown)} of ${formatNumber(total)} packages are shown`,
      more: 'Show more packages',
    },
  },
};
