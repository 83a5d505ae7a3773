import { failureText, lineView, type CreateView } from '../output/answer-view.ts';
import { cleanLine, cleanText } from '../output/clean-text.ts';
import { listedTasks, type TaskVariant } from './metadata.ts';

const lines = (value: unknown): readonly string[] => {
  const text =
    typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value, null, 2);
  return text === '' ? [] : cleanText(text.replace(/\n$/, '')).split('\n');
};

/** What a task wrote on each node, and how it ended. */
export const taskView: CreateView = ({ palette }) => ({
  answer: (answer) => {
    const { identity, data, statusCode } = answer;
    const { exitcode, completed, runtime, stdout, stderr } = data;
    if (statusCode !== 0 && typeof exitcode !== 'number') return `${identity}: ${failureText(answer, palette)}\n\n`;
    const state =
      completed === false
        ? palette.yellow('still running')
        : exitcode === 0
          ? palette.green('done')
          : palette.red(`exit code ${typeof exitcode === 'number' ? exitcode : '?'}`);
    const time = typeof runtime === 'number' && completed !== false ? ` after ${runtime.toFixed(2)} s` : '';
    const errors = lines(stderr);
    return `${[
      `${identity}: ${state}${time}`,
      ...lines(stdout).map((line) => `   ${line}`),
      ...(errors.length === 0 ? [] : ['   STDERR:', ...errors.map((line) => `      ${line}`)]),
    ].join('\n')}\n\n`;
  },
  end: () => '',
});

export const taskIdView: CreateView = lineView(({ data: { task_id: id } }) =>
  typeof id === 'string' ? cleanLine(id) : '',
);

/** Each task once, with how many nodes have it. */
export const taskListView: CreateView = ({ palette }) => {
  const tasks = new Map<string, { description: string; nodes: number }>();
  return {
    answer: (answer) => {
      if (answer.statusCode !== 0) return `${answer.identity}: ${failureText(answer, palette)}\n`;
      for (const { name, description } of listedTasks(answer.data)) {
        const known = tasks.get(name);
        tasks.set(name, { description: known?.description ?? description, nodes: (known?.nodes ?? 0) + 1 });
      }
      return '';
    },
    end: () =>
      `${[...tasks]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { description, nodes }]) =>
          `${cleanLine(name).padEnd(40)} ${nodes} nodes  ${cleanLine(description)}`.trimEnd(),
        )
        .map((line) => `${line}\n`)
        .join('')}\n`,
  };
};

/** A task as its metadata describes it, once for each description that there is. */
export function taskText(name: string, variants: readonly TaskVariant[]): string {
  const blocks = variants.map(({ task: { description, parameters }, nodes }) =>
    [
      `${cleanLine(name)} on ${nodes.length} nodes${variants.length > 1 ? `: ${[...nodes].sort().join(', ')}` : ''}`,
      ...(description === '' ? [] : ['', ...lines(description).map((line) => `   ${line}`)]),
      ...Object.entries(parameters ?? {}).flatMap(([key, parameter]) => [
        '',
        `   ${cleanLine(key)}  ${cleanLine(parameter.type)}${parameter.required ? ', required' : ''}`,
        ...lines(parameter.description).map((line) => `      ${line}`),
      ]),
      '',
    ].join('\n'),
  );
  return blocks.join('\n');
}
