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
          digests: {
            description: 'Digests of what the node says of itself, so that a console knows what it has not read yet',
            display_as: 'Digests',
            type: 'hash',
          },
          recipient: {
            description: 'To what sensitive inputs for the node are sealed',
            display_as: 'Sealing key',
            type: 'string',
          },
        },
      },
    ],
  },
  {
    ping: async (_request, { clock, node }) => ({
      pong: Math.floor(clock() / 1000),
      digests: await node.digests(),
      recipient: node.recipient,
    }),
  },
  { open: true },
);
