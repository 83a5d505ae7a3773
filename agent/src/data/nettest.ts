import { attemptConnection, resolveHost } from '../network/connect.ts';
import { defineData } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** How long a connection may take to come about, in milliseconds; somewhat less than the plugin's own limit. */
const connectMs = 800;

/** Whether a TCP port of a host can be reached. */
export const nettestData = defineData(
  {
    ...dataPluginBase('nettest', 'Whether a TCP port can be reached'),
    query: question('Host and port', 'Where to connect to, as in db1.example.com:5432 or [::1]:22', {
      validation: 'nettest_server_address',
      maxlength: 120,
    }),
    outputs: { connect: text('Connected', 'Whether the port was reached', 'boolean') },
  },
  async (target, { signal }) => {
    const colon = target.lastIndexOf(':');
    const address = await resolveHost(target.slice(0, colon).replace(/^\[(.*)\]$/, '$1'));
    if (address === undefined) return { connect: false };
    const port = Number(target.slice(colon + 1));
    return { connect: (await attemptConnection({ address, port, limitMs: connectMs }, signal)) === 'connected' };
  },
);
