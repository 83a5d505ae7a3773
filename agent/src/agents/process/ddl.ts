import { input, output, textInput, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';

export const processDdl: AgentParts = {
  kind: 'agent',
  name: 'process',
  description: 'Tells which processes run',
  ...ownPlugin,
  timeout: 10,
  actions: [
    {
      name: 'list',
      description: 'The processes that fit all that is asked',
      effect: 'read',
      cancellable: true,
      idempotent: true,
      inputs: {
        pattern: textInput(
          'Pattern',
          'Regular expression of RE2 that must match somewhere in the command line',
          { validation: '^.+$', maxlength: 200 },
          { optional: true },
        ),
        just_zombies: input('boolean', 'Zombies only', 'Whether to tell of zombies alone', { optional: true }),
        user: textInput(
          'User',
          'Name of the user that processes must belong to',
          { validation: 'shellsafe', maxlength: 50 },
          { optional: true },
        ),
      },
      outputs: {
        pslist: output('The Process List', 'A record for each process', 'array', { default: [] }),
        processes: output('Processes', 'How many they are', 'integer', { default: 0 }),
        rss: output('Resident memory', 'Resident memory of all of them, in bytes', 'integer', { default: 0 }),
        vsize: output('Virtual memory', 'Address space of all of them, in bytes', 'integer', { default: 0 }),
      },
      aggregates: [
        { function: 'sum', output: 'processes', format: 'Processes: %d' },
        { function: 'sum', output: 'rss', format: 'Bytes: %d' },
        { function: 'sum', output: 'vsize', format: 'Bytes: %d' },
      ],
    },
  ],
};
