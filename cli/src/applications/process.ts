import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RunFlags } from '../options/run-flags.ts';
import { isProcessField, processFields, processView, type ProcessField } from '../output/process-view.ts';
import type { Application } from './application.ts';

interface ProcessFlags extends RunFlags {
  readonly zombies?: true;
  readonly user?: string;
  readonly fields?: string;
  readonly silent?: true;
}

function readFields(text = 'PID,USER,VSZ,COMMAND'): Result<readonly ProcessField[]> {
  const fields: ProcessField[] = [];
  for (const name of text.split(',').map((part) => part.trim().toUpperCase())) {
    if (!isProcessField(name)) {
      return fail('usage.invalid', `There is no field "${name}"`, { mend: `There are ${processFields.join(', ')}.` });
    }
    fields.push(name);
  }
  return ok(fields);
}

/** `muster process`. */
export const processApplication: Application<ProcessFlags> = {
  name: 'process',
  description: 'List processes.',
  words: { syntax: 'list [PATTERN]', meaning: 'list, and a regular expression that their command lines match' },
  examples: [
    'muster process list nginx',
    'muster process list -z --fields pid,user,state,command',
    'muster process list java --silent',
  ],
  addFlags: (command) => {
    command.option('-z, --zombies', 'only zombies');
    command.option('-u, --user <user>', 'only those of this user');
    command.option(
      '--fields <names>',
      `with commas between them: ${processFields.join(', ')} (default: PID,USER,VSZ,COMMAND)`,
    );
    command.option('--silent', 'only how many there are, and what they take');
  },
  plan: ([action, pattern, more], flags) => {
    if (action !== 'list' || more !== undefined)
      return fail('usage.invalid', 'Write list, and at most one pattern', {
        mend: 'Put a pattern with blanks in quotes.',
      });
    const fields = readFields(flags.fields);
    if (!fields.ok) return fields;
    return ok({
      action,
      inputs: {
        ...(pattern === undefined ? {} : { pattern }),
        ...(flags.zombies === true ? { just_zombies: true } : {}),
        ...(flags.user === undefined ? {} : { user: flags.user }),
      },
      view: processView(fields.value, flags.silent === true),
    });
  },
};
