import type { Amount } from '@muster/protocol/bridge';
import { Option, type Command } from 'commander';
import type { PassphraseFlags } from './passphrase.ts';
import { amount, repeated, seconds, seed } from './values.ts';

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

/** Flags of whatever works on a home and its key. */
export interface EngineFlags extends PassphraseFlags {
  readonly home?: string;
  readonly readOnly?: true;
}

/** Flags of everything that talks to the fleet. */
export interface FleetFlags extends OutputFlags, EngineFlags {
  readonly target?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Milliseconds. */
  readonly discoveryTimeout?: number;
}

/** Flags that say how nodes are found. */
export interface DiscoveryFlags {
  readonly discMethod?: string;
  readonly discOption?: readonly string[];
  readonly nodes?: string;
}

/** Flags that name a selection that was saved. */
export interface NamedFlags {
  readonly preset?: string;
  readonly group?: string;
}

/** Flags that take only some of the nodes. */
export interface LimitFlags {
  readonly limit?: Amount;
  readonly one?: true;
  readonly limitMethod?: 'first' | 'random';
  readonly limitSeed?: number;
}

/** Flags that say which nodes where a list of names will do as well. */
export interface NodeFlags extends SelectionFlags, NamedFlags, FleetFlags, DiscoveryFlags, LimitFlags {
  readonly sort?: true;
}

const selectionGroup = 'Which nodes (all that are given must hold; of several -I one is enough):';
/** Headings of the help. */
export const someGroup = 'Only some of them, or a few at a time:';
export const fleetGroup = 'Fleet:';
const proxyGroup =
  'Through a proxy (a new console.yaml names it too; default: what a console.yaml that is there says):';
export const outputGroup = 'Output:';

/** Adds one flag below a heading of the help. */
export function add(
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

/** `--preset` and `--group`. */
export function addNamedFlags(command: Command): void {
  add(command, selectionGroup, '--preset <name>', 'nodes of a filter preset, see `muster preset`', (option) =>
    option.conflicts('group'),
  );
  add(command, selectionGroup, '--group <name>', 'members of a group, see `muster group`');
}

/** `--dm` and `--do`. */
export function addDiscoveryFlags(command: Command): void {
  add(
    command,
    selectionGroup,
    '--dm, --disc-method <method>',
    'how to find them: broadcast, inventory, list, puppetdb or external (default: as configured)',
  );
  add(command, selectionGroup, '--do, --disc-option <key=value>', 'option of that method', (option) =>
    option.argParser(repeated),
  );
}

export function addListFlags(command: Command): void {
  add(command, selectionGroup, '--nodes <file>', 'these nodes: one a line, or JSON of an earlier run; - is STDIN');
  addDiscoveryFlags(command);
  add(command, someGroup, '--ln, --limit <count>', 'at most N or N% of the nodes found', (option) =>
    option.argParser(amount),
  );
  add(command, someGroup, '-1, --one', 'one node', (option) => option.conflicts('limit'));
  add(
    command,
    someGroup,
    '--limit-method <method>',
    'the first to answer, or drawn by lot (default: first)',
    (option) => option.choices(['first', 'random']),
  );
  add(command, someGroup, '--limit-seed <number>', 'draw by lot; the same seed draws the same nodes', (option) =>
    option.argParser(seed),
  );
}

export function addHomeFlag(command: Command): void {
  add(command, fleetGroup, '--home <dir>', 'folder with console.yaml (default: MUSTER_HOME, else the profile)');
  add(
    command,
    fleetGroup,
    '--profile <name>',
    'one of your fleets, see `muster profile` (default: MUSTER_PROFILE, else the present one)',
    (option) => option.conflicts('home'),
  );
}

/** Flags of whoever has no configuration yet that names the proxy. */
export function addProxyFlags(command: Command): void {
  add(command, proxyGroup, '--proxy <url>', 'http://HOST:PORT, or https://USER@HOST:PORT where it wants a login');
  add(command, proxyGroup, '--proxy-password-file <file>', 'file that holds the password of USER and nothing else');
  add(command, proxyGroup, '--proxy-ca <file>', "authorities of the proxy's certificate (default: those of Node.js)");
  add(
    command,
    proxyGroup,
    '--proxy-except <server>',
    'reached directly: a name, an address, or .example.com; may be repeated',
    (option) => option.argParser(repeated),
  );
  add(command, proxyGroup, '--proxy-allow-http', 'let the password go in the clear to a proxy on another machine');
}

/** Flags of whatever opens the private key of a home. */
export function addKeyFlags(command: Command): void {
  addHomeFlag(command);
  add(command, fleetGroup, '--passphrase-file <file>', 'file with the passphrase of the key, - for STDIN');
}

/** Flags of whatever works on a home and its key. */
export function addEngineFlags(command: Command): void {
  addKeyFlags(command);
  add(command, fleetGroup, '--read-only', 'run only actions that read');
}

export function addFleetFlags(command: Command): void {
  addEngineFlags(command);
  add(command, fleetGroup, '-T, --target <collective>', 'collective to ask (default: the first of the configuration)');
  add(command, fleetGroup, '-t, --timeout <seconds>', 'how long to wait for answers', (option) =>
    option.argParser(seconds),
  );
  add(command, fleetGroup, '--dt, --discovery-timeout <seconds>', 'how long to look for nodes', (option) =>
    option.argParser(seconds),
  );
}

/** All flags that say which nodes, and how the fleet is reached. */
export function addNodeFlags(command: Command): void {
  addSelectionFlags(command);
  addNamedFlags(command);
  addListFlags(command);
  addFleetFlags(command);
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
