import { output, type ActionParts } from '../describe.ts';

type Input = NonNullable<ActionParts['inputs']>[string];

const choice = (prompt: string, description: string): Input => ({
  type: 'boolean',
  prompt,
  description,
  optional: true,
});

const tags = (prompt: string, description: string): Input => ({
  type: 'string',
  prompt,
  description,
  optional: true,
  validation: 'puppet_tags',
  maxlength: 120,
});

/** A run of Puppet, with what may be asked of it. */
export const runonce: ActionParts = {
  name: 'runonce',
  description: 'Begins one run of Puppet',
  effect: 'write',
  inputs: {
    force: choice('Force', 'Begin at once instead of after the splay time'),
    server: {
      type: 'string',
      prompt: 'Puppet Server',
      description: 'Puppet Server to ask, as host or host:port',
      optional: true,
      validation: 'puppet_server_address',
      maxlength: 50,
    },
    tags: tags('Tags', 'Apply only what has one of these tags, with commas between them'),
    skip_tags: tags('Skip tags', 'Leave out what has one of these tags'),
    noop: choice('No-op', 'Only tell what would be changed; false: change it though the node is set to no-op'),
    splay: choice('Splay', 'Sleep for a random time before the run'),
    splaylimit: {
      type: 'number',
      prompt: 'Splay Limit',
      description: 'Longest sleep before the run, in seconds',
      optional: true,
    },
    environment: {
      type: 'string',
      prompt: 'Environment',
      description: 'Environment of Puppet to run in',
      optional: true,
      validation: 'puppet_environment',
      maxlength: 50,
    },
    use_cached_catalog: choice('Use Cached Catalog', 'Apply the last catalog again instead of a new one'),
    ignoreschedules: choice('Ignore schedules', 'Apply also what its schedule leaves out now'),
  },
  outputs: {
    summary: output('Summary', 'How the run was begun', 'string', { default: '' }),
    initiated_at: output('Initiated at', 'When it was begun, in seconds since the epoch', 'integer', { default: 0 }),
  },
};
