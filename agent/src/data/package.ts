import { chooseProvider, createDatabase } from '../agents/package/providers/index.ts';
import { textOf } from '../api/index.ts';
import { defineData } from '../plugins/index.ts';
import { findProgram } from '../processes/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** What a node has of a package; the settings are those of the agent `package`. */
export const packageData = defineData(
  {
    ...dataPluginBase('package', 'The version of a package'),
    timeout: 3,
    query: question('Package Name', 'Name of the package', { validation: 'package_name', maxlength: 50 }),
    outputs: {
      status: text('Package Status', 'Full version; absent where it is not installed'),
      installed: text('Is Installed', 'Whether it is installed', 'boolean'),
    },
  },
  async (name, { run, settings }) => {
    const provider = await chooseProvider(settings, findProgram);
    if (provider === undefined) throw new Error('this node has none of apt, dnf, yum and zypper');
    const state = await createDatabase(provider, { run, root: textOf(settings, 'root') }).status(name);
    if (!state.ok) throw new Error(state.error.message);
    return { status: state.value.ensure, installed: state.value.presence === 'whole' };
  },
  { activate: async ({ settings, findProgram: find }) => (await chooseProvider(settings, find)) !== undefined },
);
