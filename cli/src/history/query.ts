import type { RunQuery } from '@muster/protocol/bridge';
import { runStates, type RunState } from '@muster/protocol/run';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { pastMoment } from '../options/past-moment.ts';

/** Flags that say which runs. */
export interface QueryFlags {
  readonly search: string;
  readonly action?: Pick<RunQuery, 'agent' | 'action'>;
  readonly person?: string;
  readonly node?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly before?: number;
  readonly state?: RunState[];
  readonly failures?: true;
  readonly pinned?: true;
}

/** `AGENT`, `AGENT.ACTION`, or both with a blank between. */
function actionOf(text: string): Pick<RunQuery, 'agent' | 'action'> {
  const [, agent, action] = /^([a-z]\w{0,63})(?:[ .]([a-z]\w{0,63}))?$/i.exec(text) ?? [];
  if (agent === undefined) throw new InvalidArgumentError('It must be AGENT or AGENT.ACTION, such as rpcutil.ping.');
  return { agent, ...(action === undefined ? {} : { action }) };
}

function stateOf(text: string, previous: RunState[] | undefined): RunState[] {
  const state = runStates.find((known) => known === text);
  if (state === undefined) throw new InvalidArgumentError(`It must be one of ${runStates.join(', ')}.`);
  return [...(previous ?? []), state];
}

export function addQueryFlags(command: Command, now: () => number): void {
  command
    .option('--search <text>', 'only runs with this text in agent, action, person, filter or notes', '')
    .addOption(new Option('--action <action>', 'only runs of AGENT, or of AGENT.ACTION').argParser(actionOf))
    .option('--person <name>', 'only runs of this person')
    .option('--node <name>', 'only runs that this node had a part in')
    .addOption(
      new Option('--since <time>', 'started then or later: 7d, 18:00, 2026-11-20').argParser((text: string) =>
        pastMoment(text, now()),
      ),
    )
    .addOption(
      new Option('--before <time>', 'started before that').argParser((text: string) => pastMoment(text, now())),
    )
    .addOption(new Option('--state <state>', 'in this state; may be given several times').argParser(stateOf))
    .option('--failures', 'only runs in which some node came to another end than ok')
    .option('--pinned', 'only pinned runs');
}

export const queryOf = (flags: QueryFlags): RunQuery => ({
  search: flags.search,
  ...flags.action,
  ...(flags.person === undefined ? {} : { person: flags.person }),
  ...(flags.node === undefined ? {} : { node: flags.node }),
  ...(flags.since === undefined ? {} : { sinceMs: flags.since }),
  ...(flags.before === undefined ? {} : { untilMs: flags.before }),
  ...(flags.state === undefined ? {} : { states: flags.state }),
  ...(flags.failures === undefined ? {} : { hasFailures: true }),
  ...(flags.pinned === undefined ? {} : { isPinned: true }),
});
