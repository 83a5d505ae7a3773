import { input, output, textInput, type ActionParts, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';

type Inputs = NonNullable<ActionParts['inputs']>;

const which: Inputs = {
  task: textInput('Task', 'Name of the task, as in apache or apache::reload', {
    validation: 'bolt_task_name',
    maxlength: 100,
  }),
};

const environment: Inputs = {
  environment: textInput(
    'Environment',
    'Environment of Puppet to take tasks from; default production',
    { validation: '^[a-z][a-z0-9_]*$', maxlength: 100 },
    { optional: true },
  ),
};

const files: Inputs = {
  files: input('array', 'Files', 'Files that the task must have, each {"filename", "sha256"}; else it is refused', {
    optional: true,
  }),
};

const running: Inputs = {
  ...which,
  ...environment,
  ...files,
  input_method: {
    type: 'list',
    prompt: 'Input method',
    description: 'How the task gets its parameters; by default as its metadata says',
    list: ['environment', 'stdin', 'both', 'powershell'],
    optional: true,
  },
  input: input('hash', 'Parameters', 'Parameters of the task, but for the sensitive ones', { optional: true }),
  sensitive_input: input('hash', 'Sensitive parameters', 'Parameters whose values nobody may see', {
    optional: true,
    sensitive: true,
  }),
  run_as: textInput(
    'User',
    "User to run the task as; by default the agent's own",
    { validation: '^[^\\s:/,-][^\\s:/,]*$', maxlength: 32 },
    { optional: true },
  ),
};

const taskId = output('Task ID', 'By which to ask for it: the same on all nodes of one request');

const state: NonNullable<ActionParts['outputs']> = {
  task: output('Task', 'Name of the task'),
  callerid: output('User', 'Who ran it'),
  exitcode: output('Exit Code', 'How it ended; 127 until it has', 'integer', { default: 127 }),
  stdout: output('STDOUT', 'What it wrote to its standard output, at most 64 KiB'),
  stderr: output('STDERR', 'What it wrote to its standard error, at most 64 KiB'),
  completed: output('Completed', 'Whether it has ended', 'boolean', { default: false }),
  runtime: output('Runtime', 'How long it took, or takes so far, in seconds', 'float', { default: 0 }),
  start_time: output('Start Time', 'When it was started, in seconds since the epoch', 'integer'),
};

const summaryOf = (name: string) => ({ function: 'summary' as const, output: name });
const stateAggregates = [
  { function: 'average' as const, output: 'runtime' },
  ...['task', 'callerid', 'exitcode', 'completed'].map(summaryOf),
];

export const tasksDdl: AgentParts = {
  kind: 'agent',
  name: 'tasks',
  description: 'Runs Puppet tasks',
  ...ownPlugin,
  timeout: 75,
  usage: `Tasks are taken from folders of modules on the node, then from a Puppet Server, as plugin.d/tasks.yaml says.
Parameters that the metadata of a task calls sensitive must be given in sensitive_input.`,
  actions: [
    {
      name: 'list',
      description: 'The tasks that the node can run, but for private ones',
      display: 'always',
      effect: 'read',
      idempotent: true,
      inputs: environment,
      outputs: { tasks: output('Tasks', 'Name and description of each', 'array', { default: [] }) },
    },
    {
      name: 'metadata',
      description: 'What a task says of itself',
      display: 'always',
      effect: 'read',
      idempotent: true,
      inputs: { ...which, ...environment },
      outputs: {
        task: output('Task', 'Name of the task'),
        metadata: output('Metadata', 'Description, parameters and input method, as the task has them', 'hash'),
        files: output('Files', 'Its files: filename, sha256 and size_bytes', 'array', { default: [] }),
      },
    },
    {
      name: 'download',
      description: 'Gets the files of a task, so that running it needs no server',
      effect: 'write',
      idempotent: true,
      inputs: { ...which, ...environment, ...files },
      outputs: { downloads: output('Files Downloaded', 'How many files it has', 'integer') },
      aggregates: [summaryOf('downloads')],
    },
    {
      name: 'run_and_wait',
      description: 'Runs a task and waits for its end, at most as long as the settings say',
      effect: 'destructive',
      inputs: running,
      outputs: { task_id: taskId, ...state },
      aggregates: [...stateAggregates, summaryOf('task_id')],
    },
    {
      name: 'run_no_wait',
      description: 'Starts a task that goes on by itself',
      effect: 'destructive',
      inputs: running,
      outputs: { task_id: taskId },
      aggregates: [summaryOf('task_id')],
    },
    {
      name: 'task_status',
      description: 'How a task fares',
      display: 'always',
      effect: 'read',
      idempotent: true,
      inputs: {
        task_id: textInput('Task ID', 'ID of the task', { validation: '^[0-9a-f]{32}$', maxlength: 32 }),
      },
      outputs: state,
      aggregates: stateAggregates,
    },
  ],
};
