import { input, output, textInput, type ActionParts, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';

const inputs = {
  command: textInput('Command', 'Command line for /bin/sh', { validation: '(?s)^.+$', maxlength: 10_240 }),
  user: textInput(
    'User',
    "User to run it as, with that user's groups and home; by default the agent's own user",
    { validation: '^[^\\s:/,-][^\\s:/,]*$', maxlength: 256 },
    { optional: true },
  ),
};

const handle = {
  handle: textInput('Handle', 'Handle of the command, as `start` gave it', {
    validation: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
    maxlength: 36,
  }),
};

const offset = (stream: string) =>
  input('integer', `Offset of ${stream}`, `Byte from which ${stream} is told; default 0`, { optional: true });

const texts = {
  stdout: output('stdout', 'What the command wrote to its standard output'),
  stderr: output('stderr', 'What it wrote to its standard error'),
};

const state = output('status', 'starting, running, stopped or failed');
const exitcode = output('exitcode', 'Exit code; 128 and the number of the signal that ended it', 'integer');
const shown: Pick<ActionParts, 'display'> = { display: 'always' };

export const shellDdl: AgentParts = {
  kind: 'agent',
  name: 'shell',
  description: 'Runs commands with /bin/sh',
  ...ownPlugin,
  timeout: 180,
  usage: `Off by default: a node has this agent only where plugin.d/shell.yaml says "activate: true".
Commands get no input and little of an environment. Whoever may run this agent may do everything on a node.`,
  actions: [
    {
      name: 'run',
      description: 'Runs a command and waits for its end',
      ...shown,
      effect: 'destructive',
      cancellable: true,
      inputs: {
        ...inputs,
        timeout: input('number', 'Timeout', 'Seconds after which the command is ended; default 170', {
          optional: true,
        }),
      },
      outputs: {
        ...texts,
        success: output('success', 'Whether the exit code was 0', 'boolean'),
        exitcode,
        timed_out: output('timed out', 'Whether the command was ended because it took too long', 'boolean'),
        truncated: output('truncated', 'Whether it wrote more than is told', 'boolean'),
      },
      aggregates: [{ function: 'summary', output: 'exitcode' }],
    },
    {
      name: 'start',
      description: 'Starts a command that goes on by itself',
      ...shown,
      effect: 'destructive',
      inputs,
      outputs: { handle: output('handle', 'By which to ask for it') },
    },
    {
      name: 'status',
      description: 'How a started command fares, and what it has written',
      ...shown,
      effect: 'read',
      idempotent: true,
      inputs: { ...handle, stdout_offset: offset('stdout'), stderr_offset: offset('stderr') },
      outputs: {
        status: state,
        ...texts,
        exitcode,
        stdout_offset: output('stdout offset', 'Byte from which to ask for stdout next time', 'integer'),
        stderr_offset: output('stderr offset', 'Byte from which to ask for stderr next time', 'integer'),
        truncated: output('truncated', 'Whether there is more by now: ask again', 'boolean'),
      },
      aggregates: [{ function: 'summary', output: 'status' }],
    },
    {
      name: 'list',
      description: 'All started commands that are still known',
      ...shown,
      effect: 'read',
      idempotent: true,
      outputs: { jobs: output('jobs', 'A record for each handle', 'hash') },
    },
    {
      name: 'kill',
      description: 'Ends a started command and all that it started',
      ...shown,
      effect: 'destructive',
      idempotent: true,
      inputs: handle,
      outputs: { status: state },
      aggregates: [{ function: 'summary', output: 'status' }],
    },
  ],
};
