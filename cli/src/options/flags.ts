import { Option, type Command } from 'commander';
import { displayModes, type DisplayMode } from '../output/result-block.ts';
import { limit, repeated, seconds, type Limit } from './values.ts';

/** Flags that say which nodes. */
export interface SelectionFlags {
  readonly withFact?: readonly string[];
  readonly withClass?: readonly string[];
  readonly withIdentity?: readonly string[];
  readonly withAgent?: readonly string[];
  readonly with?: readonly string[];
  readonly select?: readonly string[];
}

export interface OutputFlags {
  readonly json?: true;
  readonly verbose?: true;
}

/** Flags of everything that talks to the fleet. */
export interface FleetFlags extends OutputFlags {
  readonly home?: string;
  readonly target?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Milliseconds. */
  readonly discoveryTimeout?: number;
}

/** Flags that say which nodes where a list of names will do as well. */
export interface NodeFlags extends SelectionFlags, FleetFlags {
  readonly nodes?: string;
  readonly limit?: Limit;
  readonly one?: true;
  readonly sort?: true;
}

export interface RunFlags extends NodeFlags {
  /** Milliseconds. */
  readonly ttl?: number;
  readonly progress: boolean;
  readonly display?: DisplayMode;
  readonly yes?: true;
}

const selectionGroup = 'Which nodes (all that are given must hold; of several -I one is enough):';
const fleetGroup = 'Fleet:';
const outputGroup = 'Output:';

function add(
  command: Command,
  group: string,
  flags: string,
  description: string,
  shape?: (option: Option) => unknown,
): void {
  const option = new Option(flags, description).helpGroup(group);
  shape?.(option);
  command.addOption(option);
}

/** A second name of a flag, out of the help: what is given to it counts as given to `attribute`. */
function addAlias(command: Command, flags: string, attribute: string): void {
  const option = new Option(flags).hideHelp().argParser(repeated);
  command.addOption(option);
  command.hook('preAction', () => {
    const given = command.getOptionValue(option.attributeName()) as readonly string[] | undefined; // `repeated` made it
    const named = command.getOptionValue(attribute) as readonly string[] | undefined; // so did it this one
    if (given !== undefined) command.setOptionValue(attribute, [...(named ?? []), ...given]);
  });
}

export function addSelectionFlags(command: Command): void {
  const several = (option: Option) => option.argParser(repeated);
  add(command, selectionGroup, '-F, --with-fact <condition>', 'fact condition: os=linux, cpu>=4, kernel=/^6/', several);
  add(command, selectionGroup, '-C, --with-class <class>', 'class, by name or /regex/', several);
  add(
    command,
    selectionGroup,
    '-I, --with-identity <node>',
    'node, by name, /regex/, glob or range: web[01-20]',
    several,
  );
  add(command, selectionGroup, '-A, --with-agent <agent>', 'installed agent, by name or /regex/', several);
  add(
    command,
    selectionGroup,
    '-W, --with <conditions>',
    'fact conditions and classes with blanks between them',
    several,
  );
  add(
    command,
    selectionGroup,
    '-S, --select <expression>',
    'expression with and, or, not, ( ) and data plugins',
    several,
  );
  addAlias(command, '--wf <condition>', 'withFact');
  addAlias(command, '--wc <class>', 'withClass');
  addAlias(command, '--wi <node>', 'withIdentity');
  addAlias(command, '--wa <agent>', 'withAgent');
}

export function addListFlags(command: Command): void {
  const group = selectionGroup;
  add(command, group, '--nodes <file>', 'these nodes: one a line, or JSON of an earlier run; - is STDIN');
  add(command, group, '--ln, --limit <count>', 'at most N or N% of the nodes found, the first to answer', (option) =>
    option.argParser(limit),
  );
  add(command, group, '-1, --one', 'one node, the first to answer', (option) => option.conflicts('limit'));
}

export function addHomeFlag(command: Command): void {
  add(command, fleetGroup, '--home <dir>', 'folder with console.yaml (default: MUSTER_HOME, else your own)');
}

export function addFleetFlags(command: Command): void {
  addHomeFlag(command);
  add(command, fleetGroup, '-T, --target <collective>', 'collective to ask (default: the first of the configuration)');
  add(command, fleetGroup, '-t, --timeout <seconds>', 'how long to wait for answers', (option) =>
    option.argParser(seconds),
  );
  add(command, fleetGroup, '--dt, --discovery-timeout <seconds>', 'how long to look for nodes', (option) =>
    option.argParser(seconds),
  );
}

export function addOutputFlags(command: Command): void {
  add(command, outputGroup, '-j, --json', 'JSON on STDOUT and nothing else');
  add(command, outputGroup, '-v, --verbose', 'more of everything');
}

export function addSortFlag(command: Command): void {
  add(command, outputGroup, '--sort', 'by node name instead of by arrival');
}

export function addProgressFlag(command: Command): void {
  add(command, outputGroup, '--np, --no-progress', 'no progress bar');
}

export function addRunFlags(command: Command): void {
  add(command, fleetGroup, '--ttl <seconds>', 'how long the request may be obeyed', (option) =>
    option.argParser(seconds),
  );
  add(command, fleetGroup, '-y, --yes', 'do not ask before a change to every node');
  addProgressFlag(command);
  add(command, outputGroup, '--display <which>', 'which answers to print (default: as the DDL says)', (option) =>
    option.choices(displayModes),
  );
}
