import { fail, ok } from '@muster/protocol/errors';
import type { RunFlags } from '../options/run-flags.ts';
import { blockView, lineView } from '../output/answer-view.ts';
import { cleanLine } from '../output/clean-text.ts';
import type { Application } from './application.ts';

interface FileFlags extends RunFlags {
  readonly file?: string;
  readonly details?: true;
}

const actions = ['touch', 'remove', 'status'];

/** `muster filemgr`. */
export const fileApplication: Application<FileFlags> = {
  name: 'filemgr',
  description: 'Touch and remove files, and tell about them.',
  words: { syntax: '--file FILE [touch|remove|status]', meaning: 'touch (also without a word), remove or status' },
  examples: ['muster filemgr --file /etc/nologin status', 'muster filemgr --file /etc/hosts status --details -I web1'],
  addFlags: (command) => {
    command.option('--file <path>', 'which file (default: as configured on the nodes)');
    command.option('--details', 'with status: everything about it');
  },
  plan: (words, { file, details }) => {
    const [action = 'touch', more] = words;
    if (more !== undefined || !actions.includes(action)) {
      return fail('usage.invalid', `Action has to be touch, remove or status, not "${words.join(' ')}"`, {
        mend: 'The file is named with --file.',
      });
    }
    if (details === true && action !== 'status') return fail('usage.invalid', '--details goes with status');
    const view =
      details === true
        ? blockView
        : lineView(({ data: { output } }) =>
            action !== 'status' ? null : typeof output === 'string' ? cleanLine(output) : '',
          );
    return ok({ action, inputs: file === undefined ? {} : { file }, view });
  },
};
