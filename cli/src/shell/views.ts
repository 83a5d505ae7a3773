import { failureText, lineView, type CreateView } from '../output/answer-view.ts';
import { cleanLine, cleanText } from '../output/clean-text.ts';
import { jobsOf } from './jobs.ts';

const lines = (value: unknown): readonly string[] =>
  typeof value === 'string' && value !== '' ? cleanText(value.replace(/\n$/, '')).split('\n') : [];

/** What a command wrote on each node, and how it ended. */
export const outputView: CreateView = ({ palette }) => ({
  answer: (answer) => {
    const { identity, data, statusCode } = answer;
    if (statusCode !== 0) return `${identity}: ${failureText(answer, palette)}\n\n`;
    const { status, exitcode } = data;
    const state = typeof status === 'string' ? [cleanLine(status)] : [];
    const ended = typeof exitcode === 'number' && exitcode !== 0 ? [palette.red(`exit code ${exitcode}`)] : [];
    const late = data['timed_out'] === true ? [palette.red('ended because it took too long')] : [];
    const cut = data['truncated'] === true ? ['there is more'] : [];
    const stderr = lines(data['stderr']);
    return `${[
      `${identity}: ${[...state, ...ended, ...late, ...cut].join(', ')}`.trimEnd(),
      ...lines(data['stdout']).map((line) => `   ${line}`),
      ...(stderr.length === 0 ? [] : ['   STDERR:', ...stderr.map((line) => `      ${line}`)]),
    ].join('\n')}\n\n`;
  },
  end: () => '',
});

export const handleView: CreateView = lineView(({ data: { handle } }) =>
  typeof handle === 'string' ? cleanLine(handle) : '',
);

/** What has become of a job that was to end. */
export const killedView: CreateView = lineView(({ data: { status } }) =>
  typeof status === 'string' ? cleanLine(status) : 'killed',
);

/** The jobs of each node: handle and state, with `verbose` the command too. */
export const jobsView =
  (verbose: boolean): CreateView =>
  ({ palette }) => ({
    answer: (answer) => {
      if (answer.statusCode !== 0) return `${answer.identity}: ${failureText(answer, palette)}\n`;
      return jobsOf(answer.data)
        .map(({ handle, status, command }) =>
          `${answer.identity}: ${[handle, status, ...(verbose ? [command] : [])].map(cleanLine).join('  ')}`.trimEnd(),
        )
        .map((line) => `${line}\n`)
        .join('');
    },
    end: () => '\n',
  });
