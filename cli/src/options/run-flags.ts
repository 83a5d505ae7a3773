import type { Amount } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Command } from 'commander';
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
} from './flags.ts';
import { readReplyFilter } from './reply-filter.ts';
import { faultyText } from './selection.ts';
import { amount, pause, seconds } from './values.ts';

/** Flags of everything that runs an action and prints the answers. */
export interface RunFlags extends NodeFlags {
  /** Milliseconds. */
  readonly ttl?: number;
  readonly batch?: Amount;
  /** Milliseconds. */
  readonly batchSleep?: number;
  readonly progress: boolean;
  readonly display?: DisplayFlag;
  readonly table?: true;
  readonly senders?: true;
  readonly jsonl?: true;
  readonly filterReplies?: string;
  readonly yes?: true;
  /** False when the nodes shall not answer; absent where a command has no such flag. */
  readonly results?: boolean;
}

/** A few nodes at a time, time to live, confirmation, and the forms of output beside `--json`. */
function addRunFlags(command: Command): void {
  add(command, someGroup, '--batch <size>', 'ask N or N% of the nodes at a time', (option) => option.argParser(amount));
  add(command, someGroup, '--batch-sleep <seconds>', 'pause between batches (default: 1)', (option) =>
    option.argParser(pause),
  );
  add(command, fleetGroup, '--ttl <seconds>', 'how long the request may be obeyed', (option) =>
    option.argParser(seconds),
  );
  add(command, fleetGroup, '-y, --yes', 'do not ask before a change to every node');
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
}

/** All flags of a command that runs an action and prints the answers. */
export function addActionFlags(command: Command): void {
  addNodeFlags(command);
  addRunFlags(command);
  addOutputFlags(command);
  addSortFlag(command);
}

/** `--no-results`: for commands that run any action. */
export function addNoResultsFlag(command: Command): void {
  add(command, fleetGroup, '--nr, --no-results', 'send the request, and have no node answer it');
}

/** The text that a fault points into: what followed the flag that is wrong. */
export function faultyRunText(flags: RunFlags, fault: Fault): string | undefined {
  const { filterReplies } = flags;
  if (filterReplies !== undefined) {
    const alone = readReplyFilter(filterReplies);
    if (!alone.ok && alone.error.message === fault.message) return filterReplies;
  }
  return faultyText(flags, fault);
}
