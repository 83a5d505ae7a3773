import { defineData } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** Whether the node is in a collective. */
export const collectiveData = defineData(
  {
    ...dataPluginBase('collective', 'Membership of a collective'),
    query: question('Collective', 'Name of the collective', { validation: '^.+$', maxlength: 256 }),
    outputs: { member: text('Member', 'Whether the node is in it', 'boolean') },
  },
  (name, { node }) => ({ member: node.collectives.includes(name) }),
);
