import { output, textInput, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';

export const nrpeDdl: AgentParts = {
  kind: 'agent',
  name: 'nrpe',
  description: 'Runs the checks that NRPE is set up with',
  ...ownPlugin,
  timeout: 60,
  usage: 'A node has this agent where there are files of NRPE. The daemon of NRPE is not needed.',
  actions: [
    {
      name: 'runcommand',
      description: 'Runs one check; what is not OK is a failure',
      effect: 'read',
      cancellable: true,
      idempotent: true,
      inputs: {
        command: textInput('Command', 'Name of the check', { validation: '^[a-zA-Z0-9_-]+$', maxlength: 50 }),
        args: textInput(
          'Arguments',
          'What $ARG1$, $ARG2$, … become, with ! between them',
          { validation: '^.*$', maxlength: 200 },
          { optional: true },
        ),
      },
      outputs: {
        output: output('Output', 'What the check says', 'string', { default: '' }),
        exitcode: output('Exit Code', '0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN', 'integer', { default: 3 }),
        perfdata: output('Performance Data', 'What it measured', 'string', { default: '' }),
        command: output('Command', 'Name of the check', 'string', { default: '' }),
      },
      aggregates: [
        {
          function: 'summary',
          output: 'exitcode',
          labels: { '0': 'OK', '1': 'WARNING', '2': 'CRITICAL', '3': 'UNKNOWN' },
        },
      ],
    },
    {
      name: 'runallcommands',
      description: 'Runs all checks, without arguments',
      effect: 'read',
      cancellable: true,
      idempotent: true,
      outputs: { commands: output('Commands', 'What each check said, by its name', 'hash', { default: {} }) },
    },
  ],
};
