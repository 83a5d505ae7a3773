import { unwrap } from '@muster/protocol/errors';
import { compileRegex, regexMatcher } from '@muster/protocol/filter';
import { defineData } from '../plugins/index.ts';
import { processTable } from '../processes/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** Whether a process runs whose command line a regular expression matches. */
export const processData = defineData(
  {
    ...dataPluginBase('process', 'Whether a process runs'),
    timeout: 3,
    query: question('Pattern', 'Regular expression of RE2 that must match somewhere in the command line', {
      validation: '^.+$',
      maxlength: 200,
    }),
    outputs: { exists: text('Exists', 'Whether there is such a process', 'boolean') },
  },
  async (pattern) => {
    const matches = unwrap(compileRegex(regexMatcher(pattern)));
    return { exists: (await processTable()).some(({ cmdline }) => matches(cmdline)) };
  },
);
