import { factAt } from '../facts/index.ts';
import { defineData, type DataOutputs } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** One fact by its dotted path; arrays and maps as JSON text. */
export const factData = defineData(
  {
    ...dataPluginBase('fact', 'A fact by its path'),
    query: question('Path', 'Dotted path into the facts', { validation: '^.+$', maxlength: 256 }),
    outputs: {
      exists: text('Exists', 'Whether the node has the fact', 'boolean'),
      value: text('Value', 'Its value; left out where there is none', 'any'),
      value_encoding: text('Encoding', 'text/plain, or application/json where the value is an array or a map'),
    },
  },
  async (path, { node }): Promise<DataOutputs> => {
    const value = factAt(await node.facts(), path);
    if (value === undefined || value === null) return { exists: value === null };
    if (typeof value === 'object')
      return { exists: true, value: JSON.stringify(value), value_encoding: 'application/json' };
    return { exists: true, value, value_encoding: 'text/plain' };
  },
);
