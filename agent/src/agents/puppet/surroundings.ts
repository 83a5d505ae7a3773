import type { ActionCall } from '../../api/index.ts';
import { findPuppetFiles, puppetSettings, type PuppetFiles, type PuppetSettings } from '../../puppet/index.ts';

/** Puppet on this node, as the actions need it. */
export interface PuppetHere {
  readonly settings: PuppetSettings;
  readonly files: PuppetFiles;
}

/** Settings and files of Puppet. Ends the action with the reason when Puppet does not tell where its files are. */
export async function puppetHere(call: ActionCall): Promise<PuppetHere> {
  const settings = puppetSettings.parse(call.settings);
  try {
    const stateFolder = () => Promise.resolve(call.stateFolder);
    return { settings, files: await findPuppetFiles({ settings, stateFolder, run: call.run }) };
  } catch (thrown) {
    call.signal.throwIfAborted();
    return call.fail(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
