import { chooseProvider, createReader } from '../agents/service/providers/index.ts';
import { defineData } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** Whether a service runs; the settings are those of the agent `service`. */
export const serviceData = defineData(
  {
    ...dataPluginBase('service', 'The status of a service'),
    timeout: 3,
    query: question('Service Name', 'Name of the service', { validation: 'service_name', maxlength: 50 }),
    outputs: { status: text('Service Status', 'running, stopped or unknown; also unknown where there is none') },
  },
  async (name, { run, settings }) => {
    const provider = await chooseProvider(settings);
    if (provider === undefined) throw new Error('this node has neither systemd nor scripts in /etc/init.d');
    const status = await createReader(provider, { run }).status(name);
    return { status: status.ok ? status.value : 'unknown' };
  },
  { activate: async ({ settings }) => (await chooseProvider(settings)) !== undefined },
);
