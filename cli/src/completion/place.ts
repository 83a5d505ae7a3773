import type { Command, Option } from 'commander';

/** What the cursor stands at in a command line. */
export type Place =
  | { readonly kind: 'command'; readonly of: Command }
  | { readonly kind: 'flag'; readonly of: Command }
  /** `before` is what stands in the same word in front of the value, such as `--preset=`. */
  | { readonly kind: 'value'; readonly option: Option; readonly value: string; readonly before: string }
  | { readonly kind: 'argument'; readonly of: Command; readonly path: string; readonly given: readonly string[] };

const takesValue = (option: Option | undefined): option is Option =>
  option !== undefined && (option.required || option.optional);

const findOption = (command: Command, name: string): Option | undefined =>
  command.options.find(({ long, short }) => long === name || short === name);

/** The names of a command below the program: `runs show`. */
function pathOf(command: Command): string {
  const names: string[] = [];
  for (let at = command; at.parent !== null; at = at.parent) names.unshift(at.name());
  return names.join(' ');
}

/** The option at the end of a group of short ones, such as `-jF`. */
function lastOfCluster(command: Command, word: string): Option | undefined {
  for (const letter of word.slice(1)) {
    const option = findOption(command, `-${letter}`);
    if (option === undefined) return undefined;
    if (takesValue(option)) return word.endsWith(letter) ? option : undefined;
  }
  return undefined;
}

/** Walks through the words as the parser will, and says what may come at their end. */
export function findPlace(program: Command, words: readonly string[], current: string): Place {
  let command = program;
  let waiting: Option | undefined;
  let onlyArguments = false;
  const given: string[] = [];
  for (const word of words) {
    if (waiting !== undefined) waiting = undefined;
    else if (onlyArguments) given.push(word);
    else if (word === '--') onlyArguments = true;
    else if (word.startsWith('-') && word !== '-') {
      const option = word.startsWith('--') ? findOption(command, word) : lastOfCluster(command, word);
      if (takesValue(option)) waiting = option;
    } else {
      const sub = given.length === 0 ? command.commands.find((candidate) => candidate.name() === word) : undefined;
      if (sub === undefined) given.push(word);
      else command = sub;
    }
  }
  if (waiting !== undefined) return { kind: 'value', option: waiting, value: current, before: '' };
  if (!onlyArguments && current.startsWith('-')) {
    const equals = current.indexOf('=');
    const option = equals < 0 ? undefined : findOption(command, current.slice(0, equals));
    return takesValue(option)
      ? { kind: 'value', option, value: current.slice(equals + 1), before: current.slice(0, equals + 1) }
      : { kind: 'flag', of: command };
  }
  if (command.commands.length > 0 && given.length === 0) return { kind: 'command', of: command };
  return { kind: 'argument', of: command, path: pathOf(command), given };
}
