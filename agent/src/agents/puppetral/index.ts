import { shippedAgent } from '../../catalogue/index.ts';
import { moduleFile } from '../../module-files.ts';
import { puppetSettings } from '../../puppet/index.ts';
import { puppetActive } from '../puppet/index.ts';
import { puppetralDdl } from './ddl.ts';

/** Puppet's resource abstraction layer: what there is on a node, in Puppet's words. */
export const puppetral = shippedAgent({
  ddl: puppetralDdl,
  module: moduleFile('agents/puppetral/agent'),
  settingsName: 'puppet',
  settings: puppetSettings,
  activate: puppetActive,
});
