import { output, textInput, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';

export const requestsDdl: AgentParts = {
  kind: 'agent',
  name: 'requests',
  description: 'Cancels requests that a node has or may still get',
  ...ownPlugin,
  timeout: 10,
  actions: [
    {
      name: 'cancel',
      description: 'Cancels a request of the caller',
      display: 'always',
      effect: 'write',
      idempotent: true,
      inputs: {
        requestid: textInput('Request', 'The id of the request', { validation: '^[0-9a-f]{32}$', maxlength: 32 }),
      },
      outputs: {
        result: output(
          'Result',
          'cancelled: it had not begun and will not; stopping: its action is being ended; not_cancellable: its action runs to its end; finished: it was answered before; unknown: it has not come yet',
        ),
        noted: output('Noted', 'Whether a request that is unknown will not be carried out when it comes', 'boolean', {
          default: false,
        }),
      },
      aggregates: [{ function: 'summary', output: 'result' }],
    },
  ],
};
