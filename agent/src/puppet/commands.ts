import { placeNames, type PuppetSettings } from './settings.ts';

/** A program with its arguments. */
export type CommandLine = readonly [program: string, ...args: string[]];

const split = (words: readonly string[]): CommandLine => {
  const [program = 'puppet', ...args] = words;
  return [program, ...args];
};

/** Words that begin a run. */
export const runCommand = ({ command, mode }: PuppetSettings): CommandLine =>
  split(command ?? ['puppet', mode === 'apply' ? 'apply' : 'agent']);

/** Words that begin any other of Puppet's commands, such as `puppet config`: the command of a run without its last word. */
export function puppetCommand({ command = [] }: PuppetSettings): CommandLine {
  const last = command.at(-1);
  return split(last === 'agent' || last === 'apply' ? command.slice(0, -1) : ['puppet']);
}

/** Options that make Puppet use the places of the settings. */
export const placeOptions = (settings: PuppetSettings): readonly string[] =>
  placeNames.flatMap((name) => {
    const value = settings[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
