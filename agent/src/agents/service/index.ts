import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { serviceDdl } from './ddl.ts';
import { chooseProvider } from './providers/index.ts';
import { serviceSettings } from './settings.ts';

/** Looks after services, where the node has systemd or scripts in `/etc/init.d`. */
export const serviceAgent = shippedAgent({
  ddl: serviceDdl,
  module: moduleFile('agents/service/agent'),
  settings: serviceSettings,
  activate: async ({ settings }) => (await chooseProvider(settings)) !== undefined,
});
