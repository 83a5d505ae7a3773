import { fail, ok, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import { withAgent } from '../broadcast/broadcast-source.ts';
import { parseFoundNodes } from '../list/node-list.ts';
import { everyCondition, repeatedOption, singleOption, type NodeSource, type SourceRequest } from '../node-source.ts';
import { runChoriaProgram } from './choria.ts';
import { filterFlagTexts } from './filter-flags.ts';
import { runProgram } from './run-program.ts';

export interface ExternalSettings {
  /** Program and arguments; null when console.yaml names none. */
  readonly command: readonly [string, ...string[]] | null;
  readonly protocol: 'muster' | 'choria';
  readonly timeoutMs: number;
  /** Where the program runs: the folder of console.yaml. */
  readonly folder: string;
}

/** Options that are ours; all others go to the program. */
const ownOptions: readonly string[] = ['command', 'argument', 'protocol'];

function chosenCommand({ options }: SourceRequest, settings: ExternalSettings): Result<readonly [string, ...string[]]> {
  const program = singleOption(options, 'command');
  const more = repeatedOption(options, 'argument');
  if (program !== undefined && program !== '') return ok([program, ...more]);
  if (settings.command !== null) return ok([...settings.command, ...more]);
  return fail('discovery.unconfigured', 'The external discovery method needs a command', {
    mend: 'Name it with --do command=PROGRAM (and --do argument=X), or as discovery.external.command in console.yaml.',
  });
}

function chosenProtocol({ options }: SourceRequest, settings: ExternalSettings): Result<'muster' | 'choria'> {
  const protocol = singleOption(options, 'protocol') ?? settings.protocol;
  if (protocol === 'muster' || protocol === 'choria') return ok(protocol);
  return fail('usage.invalid', `The discovery option protocol is "${protocol.slice(0, 40)}"`, {
    mend: 'It is muster or choria.',
  });
}

/**
 * Lets a program find the nodes: it reads a request in JSON and prints names, one a line or as JSON. Options: `command`,
 * `argument` (as often as needed), `protocol` (`muster` or `choria`); all others are handed on to the program.
 */
export const createExternalSource = (settings: ExternalSettings): NodeSource => ({
  method: 'external',
  conditions: everyCondition,
  options: null,
  async find(request) {
    const command = chosenCommand(request, settings);
    if (!command.ok) return command;
    const protocol = chosenProtocol(request, settings);
    if (!protocol.ok) return protocol;
    const { collective, signal } = request;
    const filter = withAgent(request.filter, request.agent);
    const options = Object.fromEntries(Object.entries(request.options).filter(([name]) => !ownOptions.includes(name)));
    const order = {
      command: command.value,
      timeoutMs: request.timeoutMs ?? settings.timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    };
    const question = {
      protocol: 'muster.discovery.v1',
      collective,
      filter: { text: printFilter(filter), flags: filterFlagTexts(filter) },
      timeout: order.timeoutMs / 1000,
      options,
    };
    const answer =
      protocol.value === 'choria'
        ? await runChoriaProgram({ filter, collective, options }, order)
        : await runProgram({ ...order, cwd: settings.folder, env: {}, input: `${JSON.stringify(question)}\n` });
    return answer.ok ? parseFoundNodes(answer.value, command.value[0]) : answer;
  },
});
