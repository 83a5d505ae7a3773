import { input, output, textInput, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';

/** A frame in Base64, as long as a request can carry one. */
const longestBundle = 1_000_000;

const versionText =
  'When the bundle that governs was made, in milliseconds since the epoch; 0 for the files of the node itself';

const governing = {
  version: output('Version', versionText, 'integer'),
  signer: output('Signer', 'Who signed it; empty for the files of the node itself'),
};

export const policiesDdl: AgentParts = {
  kind: 'agent',
  name: 'policies',
  description: 'Takes policies that were signed by whom the node lets do so',
  ...ownPlugin,
  timeout: 20,
  actions: [
    {
      name: 'status',
      description: 'Which policies govern, and which can be gone back to',
      display: 'always',
      effect: 'read',
      idempotent: true,
      outputs: { ...governing, kept: output('Kept', 'Bundles that are kept, newest first', 'array') },
      aggregates: [{ function: 'summary', output: 'version' }],
    },
    {
      name: 'install',
      description: 'Lets a signed bundle govern from now on',
      display: 'always',
      effect: 'write',
      idempotent: true,
      inputs: {
        bundle: textInput('Bundle', 'The signed bundle, in Base64', {
          validation: '^[A-Za-z0-9+/]+=*$',
          maxlength: longestBundle,
        }),
      },
      outputs: governing,
      aggregates: [{ function: 'summary', output: 'version' }],
    },
    {
      name: 'rollback',
      description: 'Lets an earlier bundle govern again',
      display: 'always',
      effect: 'write',
      idempotent: false,
      inputs: {
        version: input(
          'integer',
          'Version',
          'Which one; 0 for the files of the node itself; the one before when absent',
          {
            optional: true,
          },
        ),
      },
      outputs: governing,
      aggregates: [{ function: 'summary', output: 'version' }],
    },
  ],
};
