import { findPuppetFiles, puppetSettings, readPuppetState, type PuppetFiles } from '../puppet/index.ts';
import { createRunCommand } from '../processes/index.ts';
import { defineData, type DataContext, type DataActivation } from '../plugins/index.ts';
import { dataPluginBase, text } from './description.ts';
import { puppetActive } from '../agents/puppet/index.ts';

const never = new AbortController().signal;

/**
 * Where Puppet keeps its state. Asking Puppet takes longer than a question may: the first one may fail, and what Puppet says is
 * there for the next.
 */
export function puppetFilesFor({ settings, stateFolder }: DataContext): Promise<PuppetFiles> {
  return findPuppetFiles({ settings: puppetSettings.parse(settings), stateFolder, run: createRunCommand(never) });
}

/** Nodes with the agent `puppet` have its data plugins. */
export const besidePuppet = {
  settingsName: 'puppet',
  activate: ({ settings, findProgram }: DataActivation) => {
    const parsed = puppetSettings.safeParse(settings);
    return parsed.success && puppetActive({ settings: parsed.data, findProgram });
  },
};

/** How Puppet fares. */
export const puppetData = defineData(
  {
    ...dataPluginBase('puppet', 'How Puppet fares'),
    usage: 'puppet().enabled=true and puppet().since_lastrun > 1800',
    query: null,
    outputs: {
      applying: text('Applying', 'Whether a catalog is being applied', 'boolean'),
      enabled: text('Enabled', 'Whether Puppet may run', 'boolean'),
      daemon_present: text('Daemon Running', 'Whether the daemon of Puppet runs', 'boolean'),
      lastrun: text('Last Run', 'When Puppet last applied a catalog, in seconds since the epoch', 'integer'),
      since_lastrun: text('Since Last Run', 'Seconds since then; since the epoch when no run is known', 'integer'),
      status: text('Status', 'disabled, applying a catalog, idling or stopped'),
      disable_message: text('Lock Message', 'Why Puppet is disabled'),
      idling: text('Idling', 'Whether the daemon of Puppet runs and does nothing', 'boolean'),
    },
  },
  async (_argument, context) => ({ ...(await readPuppetState(await puppetFilesFor(context), context.clock())) }),
  besidePuppet,
);
