import { textOf } from '../../api/index.ts';
import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { puppetcaDdl } from './ddl.ts';
import { findAuthority } from './folder.ts';
import { puppetCaSettings } from './settings.ts';

/** Whether the node has an authority of Puppet. */
export const hasAuthority = (settings: Readonly<Record<string, unknown>>): boolean =>
  findAuthority(textOf(settings, 'cadir')) !== undefined;

/** The certificates of a Puppet authority. */
export const puppetca = shippedAgent({
  ddl: puppetcaDdl,
  module: moduleFile('agents/puppetca/agent'),
  settings: puppetCaSettings,
  activate: ({ settings }) => hasAuthority(settings),
});
