import { isSecretItem } from '../configuration/index.ts';
import { factAt } from '../facts/index.ts';
import { defineData, type DataOutputs } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** One setting of the agent; secrets do not exist. */
export const configItemData = defineData(
  {
    ...dataPluginBase('config_item', 'A setting of the agent'),
    query: question('Item', 'Name of the setting, dotted inside sections', { validation: '^.+$', maxlength: 120 }),
    outputs: {
      present: text('Present', 'Whether there is such a setting', 'boolean'),
      value: text('Value', 'The value in force; sections and lists as JSON', 'any'),
    },
  },
  (item, { node }): DataOutputs => {
    const value = isSecretItem(item) ? undefined : factAt(node.settings, item);
    if (value === undefined || value === null) return { present: value === null };
    return { present: true, value: typeof value === 'object' ? JSON.stringify(value) : value };
  },
);
