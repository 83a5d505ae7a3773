import type { PuppetStart } from './recording-puppet.ts';

/** Options that take the next word as their value, whatever it looks like. */
const withValue = new Set(
  [
    ...['confdir', 'codedir', 'vardir', 'publicdir', 'rundir', 'logdir', 'ssldir', 'modulepath'],
    ...['lastrunfile', 'lastrunreport', 'statefile', 'transactionstorefile', 'splaylimit'],
    ...['tags', 'skip_tags', 'environment', 'server', 'masterport'],
  ].map((name) => `--${name}`),
);

/**
 * The words of a command line that Puppet obeys: subcommands, options and files to apply. Values of options are not among them,
 * nor is the title that a question about a resource ends with, unless it looks like an option. Manifests have paths of their
 * own, which is how they come to be alike here.
 */
function obeyedWords(words: readonly string[]): readonly string[] {
  const title = words[0] === 'resource' && words.at(-1)?.startsWith('-') === false ? words.length - 1 : -1;
  return words
    .filter((_word, index) => index !== title && !withValue.has(words[index - 1] ?? ''))
    .map((word) => word.replace(/\/resource-\w+\/resource\.pp$/, '/resource.pp'));
}

/** A manifest without its texts. Within single quotes Puppet's language knows nothing but `\\` and `\'`. */
const withoutTexts = (manifest: string): string => manifest.replace(/'(?:\\[\\']|\\(?![\\'])|[^'\\])*'/g, "''");

/** What a start has Puppet do: all that it was given but values of options and texts in a manifest. */
export const ordersOf = ({ words, environment, input, manifest = '' }: PuppetStart): readonly string[] => [
  ...obeyedWords(words),
  ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  `input: ${input}`,
  `manifest: ${withoutTexts(manifest)}`,
];
