import { output, type ActionParts, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';
import { runonce } from './runonce-ddl.ts';

/** Names of types as Puppet has them. No other is loaded as a type: Puppet would look for a file of that name. */
export const typePattern = '^[A-Za-z]\\w*(::[A-Za-z]\\w*)*$';

const enabledLabels = { true: 'enabled', false: 'disabled' };

const lockOutputs = {
  status: output('Status', 'What became of the lock', 'string', { default: '' }),
  enabled: output('Enabled', 'Whether Puppet may run', 'boolean'),
};

const lockAggregates = [{ function: 'boolean_summary' as const, output: 'enabled', labels: enabledLabels }];

const since = output('Since Last Run', 'Seconds since the last run; since the epoch when no run is known', 'integer', {
  default: 0,
});
const lastrun = output('Last Run', 'When Puppet last applied a catalog, in seconds since the epoch', 'integer', {
  default: 0,
});

const disable: ActionParts = {
  name: 'disable',
  description: 'Keeps Puppet from running, with a reason',
  effect: 'write',
  inputs: {
    message: {
      type: 'string',
      prompt: 'Message',
      description: 'Why Puppet is disabled',
      optional: true,
      validation: 'shellsafe',
      maxlength: 120,
    },
  },
  outputs: lockOutputs,
  aggregates: lockAggregates,
};

const enable: ActionParts = {
  name: 'enable',
  description: 'Lets Puppet run again',
  effect: 'write',
  outputs: lockOutputs,
  aggregates: lockAggregates,
};

const status: ActionParts = {
  name: 'status',
  description: 'How Puppet fares',
  display: 'always',
  effect: 'read',
  cancellable: true,
  idempotent: true,
  outputs: {
    applying: output('Applying', 'Whether a catalog is being applied', 'boolean', { default: false }),
    idling: output('Idling', 'Whether the daemon of Puppet runs and does nothing', 'boolean', { default: false }),
    enabled: output('Enabled', 'Whether Puppet may run', 'boolean'),
    daemon_present: output('Daemon Running', 'Whether the daemon of Puppet runs', 'boolean', { default: false }),
    lastrun,
    since_lastrun: since,
    status: output('Status', 'disabled, applying a catalog, idling or stopped', 'string', { default: 'unknown' }),
    disable_message: output('Lock Message', 'Why Puppet is disabled', 'string', { default: '' }),
    message: output('Message', 'All of it in a sentence', 'string', { default: 'unknown' }),
  },
  aggregates: [
    ...lockAggregates,
    { function: 'boolean_summary', output: 'daemon_present', labels: { true: 'running', false: 'stopped' } },
    { function: 'summary', output: 'applying' },
    { function: 'summary', output: 'status' },
    { function: 'summary', output: 'idling' },
  ],
};

const lastRunSummary: ActionParts = {
  name: 'last_run_summary',
  description: 'What the last run did',
  display: 'always',
  effect: 'read',
  cancellable: true,
  idempotent: true,
  inputs: {
    logs: {
      type: 'boolean',
      prompt: 'Logs',
      description: 'Whether to answer with the log of the run, too',
      optional: true,
      default: false,
    },
  },
  outputs: {
    out_of_sync_resources: output('Out of Sync Resources', 'Resources that were not as they should be', 'integer', {
      default: -1,
    }),
    failed_resources: output('Failed Resources', 'Resources that could not be applied', 'integer', { default: -1 }),
    corrected_resources: output('Corrected Resources', 'Resources that had drifted and were put right', 'integer', {
      default: -1,
    }),
    changed_resources: output('Changed Resources', 'Resources that were changed', 'integer', { default: -1 }),
    total_resources: output('Total Resources', 'Resources that Puppet manages on the node', 'integer', { default: 0 }),
    config_retrieval_time: output('Config Retrieval Time', 'Seconds that getting the catalog took', 'number', {
      default: -1,
    }),
    total_time: output('Total Time', 'Seconds that the run took', 'number', { default: 0 }),
    logs: output('Last Run Logs', 'Lines of the log: time_utc, time, level, source, msg', 'array', { default: [] }),
    lastrun,
    since_lastrun: since,
    config_version: output('Config Version', 'Version of the catalog that was applied last', 'string', { default: '' }),
    type_distribution: output('Type Distribution', 'How many resources of each type Puppet manages', 'hash', {
      default: {},
    }),
    summary: output('Summary', 'The summary as Puppet wrote it', 'hash', { default: {} }),
  },
  aggregates: [
    { function: 'average', output: 'config_retrieval_time', format: 'Average: %0.2f' },
    { function: 'average', output: 'total_time', format: 'Average: %0.2f' },
    { function: 'average', output: 'total_resources', format: 'Average: %d' },
  ],
};

const resource: ActionParts = {
  name: 'resource',
  description: 'Brings one resource into a state, by way of Puppet',
  display: 'always',
  effect: 'write',
  idempotent: true,
  inputs: {
    type: {
      type: 'string',
      prompt: 'Type',
      description: 'Type of the resource, such as host or package',
      validation: typePattern,
      maxlength: 50,
    },
    name: {
      type: 'string',
      prompt: 'Name',
      description: 'Name of the resource',
      validation: '^.+$',
      maxlength: 150,
    },
    environment: {
      type: 'string',
      prompt: 'Environment',
      description: 'Environment of Puppet that has the type',
      optional: true,
      validation: 'puppet_environment',
      maxlength: 50,
    },
    properties: {
      type: 'hash',
      prompt: 'Properties',
      description: 'How it is to be, by name of the property: {"ensure": "present"}',
      optional: true,
    },
  },
  outputs: {
    result: output('Result', 'What Puppet said', 'string', { default: '' }),
    changed: output('Changed', 'Whether anything had to be changed', 'boolean', { default: false }),
  },
  aggregates: [{ function: 'boolean_summary', output: 'changed', labels: { true: 'Changed', false: 'No Change' } }],
};

export const puppetDdl: AgentParts = {
  kind: 'agent',
  name: 'puppet',
  description: 'Runs Puppet, tells how it fares, and keeps it from running',
  ...ownPlugin,
  // Three times that of MCollective's agent, for resources such as packages.
  timeout: 60,
  actions: [disable, enable, lastRunSummary, resource, runonce, status],
};
