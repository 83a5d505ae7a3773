import { shippedAgent, type ShippedActivation } from '../../catalogue/index.ts';
import { moduleFile } from '../../module-files.ts';
import { puppetCommand, puppetSettings } from '../../puppet/index.ts';
import { puppetDdl } from './ddl.ts';

/** Whether the node has a Puppet. */
export async function puppetActive({ settings, findProgram }: ShippedActivation): Promise<boolean> {
  const [program] = puppetCommand(puppetSettings.parse(settings));
  return (await findProgram(program)) !== undefined;
}

/** Puppet: its state, its runs, and whether it may run. */
export const puppet = shippedAgent({
  ddl: puppetDdl,
  module: moduleFile('agents/puppet/agent'),
  settings: puppetSettings,
  activate: puppetActive,
});
