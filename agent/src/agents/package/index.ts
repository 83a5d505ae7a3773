import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { packageDdl } from './ddl.ts';
import { chooseProvider } from './providers/index.ts';
import { packageSettings } from './settings.ts';

/** Looks after packages, where the node has a package manager that Muster knows. */
export const packageAgent = shippedAgent({
  ddl: packageDdl,
  module: moduleFile('agents/package/agent'),
  settings: packageSettings,
  activate: async ({ settings, findProgram }) => (await chooseProvider(settings, findProgram)) !== undefined,
});
