import { defineData } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** What an installed agent says of itself; nothing for an agent that the node does not have. */
export const agentData = defineData(
  {
    ...dataPluginBase('agent', 'Description of an agent of the node'),
    query: question('Agent name', 'Name of the agent', { validation: '^\\w+$', maxlength: 64 }),
    outputs: {
      license: text('License', 'License of the agent'),
      timeout: text('Timeout', 'Longest run of one of its actions, in seconds', 'number'),
      description: text('Description', 'What the agent is for'),
      url: text('URL', 'Where to read more'),
      version: text('Version', 'Version of the agent'),
      author: text('Author', 'Who wrote it'),
    },
  },
  (name, { node }) => {
    const ddl = node.agents.get(name);
    if (ddl === undefined) return {};
    const { license, timeout, description, url, version, author } = ddl;
    return { license, timeout, description, url, version, author };
  },
);
