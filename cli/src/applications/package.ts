import { fail, ok } from '@muster/protocol/errors';
import type { RunFlags } from '../options/run-flags.ts';
import { listView, lineView, type CreateView } from '../output/answer-view.ts';
import { cleanLine } from '../output/clean-text.ts';
import type { Answer } from '../output/result-block.ts';
import type { Application } from './application.ts';
import { readDeed, type Grammar } from './words.ts';

interface PackageFlags extends RunFlags {
  readonly version?: string;
  readonly mode?: string;
}

const grammar: Grammar = {
  thing: 'package',
  about: ['install', 'uninstall', 'purge', 'update', 'status', 'search'],
  alone: ['count', 'md5', 'checkupdates', 'refresh', 'apt_update', 'apt_checkupdates', 'yum_clean', 'yum_checkupdates'],
};

const text = (value: unknown): string => (typeof value === 'string' ? cleanLine(value) : '');

/** `name-ensure.arch`; what is not installed has neither version nor architecture. */
function packageText({ data }: Answer): string {
  const ensure = text(data['ensure']);
  if (ensure === '' || ensure === 'absent' || ensure === 'purged') return ensure === '' ? 'absent' : ensure;
  const arch = text(data['arch']);
  return `${text(data['name'])}-${ensure}${arch === '' ? '' : `.${arch}`}`;
}

function outputText({ data }: Answer): string {
  const { output } = data;
  return typeof output === 'string' || typeof output === 'number' ? cleanLine(String(output).trim()) : '';
}

/** The packages of a list: `name version (repository)`. */
const packages =
  (output: string) =>
  ({ data }: Answer): readonly string[] => {
    const listed = data[output];
    if (!Array.isArray(listed)) return [];
    return listed.map((entry: unknown) => {
      if (typeof entry !== 'object' || entry === null) return cleanLine(String(entry));
      const { package: name, name: other, version, repo } = entry as Record<string, unknown>; // an object has properties
      const origin = text(repo);
      return `${text(name ?? other)} ${text(version)}${origin === '' ? '' : ` (${origin})`}`.trim();
    });
  };

const failures = lineView(() => null);
const updates = listView('updates', packages('outdated_packages'));

const views: Readonly<Record<string, CreateView>> = {
  status: lineView(packageText),
  count: lineView(outputText),
  md5: lineView(outputText),
  search: listView('packages', packages('available_packages')),
  checkupdates: updates,
  apt_checkupdates: updates,
  yum_checkupdates: updates,
};

/** `muster package`. */
export const packageApplication: Application<PackageFlags> = {
  name: 'package',
  description: 'Install, update and remove packages, and tell which there are.',
  words: {
    syntax: 'PACKAGE ACTION | ACTION PACKAGE | ACTION',
    meaning: `with a package: ${grammar.about.join(', ')}; without: ${grammar.alone.join(', ')}`,
  },
  examples: [
    'muster package nginx status -C role::web',
    'muster package install nginx --version 1.22.1-9 -I web1',
    'muster package checkupdates --limit 5',
  ],
  addFlags: (command) => {
    command.option('--version <version>', 'the version to install');
    command.option(
      '--mode <mode>',
      'what yum_clean cleans: all, headers, packages, metadata, dbcache, plugins or expire-cache',
    );
  },
  plan: (words, { version, mode }) => {
    const deed = readDeed(words, grammar);
    if (!deed.ok) return deed;
    const { action, subject } = deed.value;
    if (version !== undefined && action !== 'install') return fail('usage.invalid', '--version goes with install');
    if (mode !== undefined && action !== 'yum_clean') return fail('usage.invalid', '--mode goes with yum_clean');
    return ok({
      action,
      inputs: {
        ...(subject === undefined ? {} : { package: subject }),
        ...(version === undefined ? {} : { version }),
        ...(mode === undefined ? {} : { mode }),
      },
      view: views[action] ?? failures,
    });
  },
};
