import { defineAgent } from '../../plugins/index.ts';
import { ownPlugin } from '../metadata.ts';

/** How a node is found: whoever passes the filter answers at once. */
export const discovery = defineAgent(
  {
    kind: 'agent',
    name: 'discovery',
    description: 'Lets nodes be found: all that a filter selects answer at once',
    ...ownPlugin,
    timeout: 5,
    actions: [
      {
        name: 'ping',
        description: 'Answers at once',
        display: 'always',
        effect: 'read',
        idempotent: true,
        outputs: {
          pong: {
            description: "The node's time when it answered, in seconds since the epoch",
            display_as: 'Timestamp',
            type: 'integer',
          },
        },
      },
    ],
  },
  { ping: (_request, { clock }) => ({ pong: Math.floor(clock() / 1000) }) },
  { open: true },
);
