import { readAnswerFilter } from '@muster/protocol/answers';
import type { Amount, Tolerance } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Command, Option } from 'commander';
import { displayFlags, type DisplayFlag } from '../output/result-block.ts';
import {
  add,
  addNodeFlags,
  addOutputFlags,
  addProgressFlag,
  addSortFlag,
  fleetGroup,
  outputGroup,
  someGroup,
  type NodeFlags,
  type OutputFlags,
} from './flags.ts';
import { faultyText } from './selection.ts';
import { amount, pause, seconds, tolerance } from './values.ts';

/** Flags that say what of the answers is printed, and how. */
export interface AnswerFlags extends OutputFlags {
  readonly progress: boolean;
  readonly display?: DisplayFlag;
  readonly table?: true;
  readonly senders?: true;
  readonly jsonl?: true;
  readonly filterReplies?: string;
  readonly sort?: true;
}

/** Flags of everything that runs an action and prints the answers. */
export interface RunFlags extends NodeFlags, AnswerFlags {
  readonly sort?: true;
  /** Milliseconds. */
  readonly ttl?: number;
  readonly until?: string;
  /** Milliseconds. */
  readonly deliveryTimeout?: number;
  readonly canary?: Amount;
  readonly canaryHold?: true;
  readonly batch?: Amount;
  /** Milliseconds. */
  readonly batchSleep?: number;
  readonly concurrency?: Amount;
  readonly maxErrors?: Tolerance;
  readonly oneAtATime?: true;
  readonly detach?: true;
  readonly yes?: true;
  /** False when the nodes shall not answer; absent where a command has no such flag. */
  readonly results?: boolean;
}

/** How a run goes over its nodes little by little. */
export function addPaceFlags(command: Command): void {
  const size = (option: Option) => option.argParser(amount);
  add(command, someGroup, '--canary <count>', 'N or N% of the nodes come first, and all of them must answer ok', size);
  add(command, someGroup, '--canary-hold', 'after them wait for `muster runs resume`');
  add(command, someGroup, '--batch <size>', 'ask N or N% of the nodes at a time', size);
  add(command, someGroup, '--batch-sleep <seconds>', 'pause between batches (default: 1)', (option) =>
    option.argParser(pause),
  );
  add(command, someGroup, '--concurrency <count>', 'at most N or N% of the nodes at work at once', size);
  add(command, someGroup, '--max-errors <count>', 'ask no further node when more than N or N% have failed', (option) =>
    option.argParser(tolerance),
  );
  add(command, someGroup, '--one-at-a-time', 'wait while another such run of this action goes on in the collective');
}

/** Time limits, confirmation, and leaving the run to itself. */
function addRequestFlags(command: Command): void {
  add(
    command,
    fleetGroup,
    '--delivery-timeout <seconds>',
    'how long a node may take to say that it has the request',
    (option) => option.argParser(seconds),
  );
  add(command, fleetGroup, '--ttl <seconds>', 'how long the request may be obeyed', (option) =>
    option.argParser(seconds),
  );
  add(command, fleetGroup, '--until <when>', 'nodes that are away get it until then: 18:00, 2d, 90m, 2026-12-24T18:00');
  add(command, fleetGroup, '-y, --yes', 'do not ask before a change to every node');
  add(command, fleetGroup, '--detach', 'print the id of the run once it is sent, and leave it to the background');
}

/** What of the answers is printed, and how. */
export function addAnswerFlags(command: Command): void {
  addProgressFlag(command);
  add(command, outputGroup, '--display <which>', 'which answers to print (default: as the DDL says)', (option) =>
    option.choices(displayFlags),
  );
  add(
    command,
    outputGroup,
    '--filter-replies <expression>',
    'only answers that match, such as "data.exitcode>0 or not ok"',
  );
  const forms = ['json', 'jsonl', 'table', 'senders'];
  const beside = (form: string) => forms.filter((other) => other !== form);
  add(command, outputGroup, '--table', 'a table with a row for each node and a column for each output', (option) =>
    option.conflicts(beside('table')),
  );
  add(command, outputGroup, '--senders', 'only the names of the nodes whose answers would be printed', (option) =>
    option.conflicts(beside('senders')),
  );
  add(command, outputGroup, '--jsonl', 'JSON on STDOUT, one line for each event as it happens', (option) =>
    option.conflicts(beside('jsonl')),
  );
  addOutputFlags(command);
  addSortFlag(command);
}

/** All flags of a command that runs an action and prints the answers. */
export function addActionFlags(command: Command): void {
  addNodeFlags(command);
  addPaceFlags(command);
  addRequestFlags(command);
  addAnswerFlags(command);
}

/** `--no-results`: for commands that run any action. */
export function addNoResultsFlag(command: Command): void {
  add(command, fleetGroup, '--nr, --no-results', 'send the request, and have no node answer it');
}

/** As {@link faultyRunText}, of a command that prints answers of a run that exists. */
export function faultyAnswerText({ filterReplies }: AnswerFlags, fault: Fault): string | undefined {
  if (filterReplies === undefined) return undefined;
  const alone = readAnswerFilter(filterReplies);
  return !alone.ok && alone.error.message === fault.message ? filterReplies : undefined;
}

/** The text that a fault points into: what followed the flag that is wrong. */
export function faultyRunText(flags: RunFlags, fault: Fault): string | undefined {
  return faultyAnswerText(flags, fault) ?? faultyText(flags, fault);
}
