import { hasNrpe } from '../agents/nrpe/index.ts';
import { readChecks } from '../nrpe/index.ts';
import { defineData } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** How long a check may take, in milliseconds; somewhat less than the plugin's own limit. */
const checkMs = 3_500;

/** What a check of NRPE comes to. */
export const nrpeData = defineData(
  {
    ...dataPluginBase('nrpe', 'What a check of NRPE comes to'),
    timeout: 4,
    query: question('Command', 'Name of the check', { validation: '^[a-zA-Z0-9_-]+$', maxlength: 50 }),
    outputs: { exitcode: text('Exit Code', '0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN', 'integer') },
  },
  async (command, { settings, run }) => {
    const checks = await readChecks(settings, run);
    return { exitcode: (await checks.run(command, [], checkMs)).exitcode };
  },
  { activate: ({ settings }) => hasNrpe(settings) },
);
