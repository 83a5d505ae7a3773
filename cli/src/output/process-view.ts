import { failureText, type CreateView } from './answer-view.ts';
import { cleanLine } from './clean-text.ts';
import { table } from './columns.ts';
import type { Answer } from './result-block.ts';
import { sizeText } from './sizes.ts';

type Process = Readonly<Record<string, unknown>>;

/** Memory is in bytes, as the agent says it. */
const size = (value: unknown): string => (typeof value === 'number' ? sizeText(value) : '');
const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? cleanLine(String(value)) : '';

/** The columns that there are, by the names that `ps` gives them. */
const columns = {
  PID: ({ pid }) => word(pid),
  USER: ({ username, uid }) => word(username ?? uid),
  VSZ: ({ vsize }) => size(vsize),
  RSS: ({ rss }) => size(rss),
  TTY: ({ tty_nr: tty }) => word(tty),
  STATE: ({ state }) => word(state),
  COMMAND: ({ cmdline }) => word(cmdline),
} as const satisfies Readonly<Record<string, (process: Process) => string>>;

export type ProcessField = keyof typeof columns;
export const processFields: readonly string[] = Object.keys(columns);
export const isProcessField = (name: string): name is ProcessField => Object.hasOwn(columns, name);

const numbers = ['PID', 'VSZ', 'RSS'];

function processesOf({ data }: Answer): readonly Process[] {
  const { pslist } = data;
  return Array.isArray(pslist)
    ? pslist.filter((entry): entry is Record<string, never> => typeof entry === 'object' && entry !== null)
    : [];
}

const sum = (processes: readonly Process[], key: string): number =>
  processes.reduce((total, process) => total + (typeof process[key] === 'number' ? process[key] : 0), 0);

/** A table of processes for each node that has some (none where `silent`), and what they come to together. */
export function processView(fields: readonly ProcessField[], silent: boolean): CreateView {
  return ({ palette }) => {
    const all: Process[] = [];
    let hosts = 0;
    return {
      summarises: true,
      answer: (answer) => {
        if (answer.statusCode !== 0) return `${answer.identity}: ${failureText(answer, palette)}\n\n`;
        const processes = processesOf(answer);
        if (processes.length === 0) return '';
        hosts += 1;
        all.push(...processes);
        if (silent) return '';
        const rows = processes.map((process) => fields.map((field) => columns[field](process)));
        return `${[`   ${answer.identity}`, '', ...table(fields, rows, numbers).map((line) => `     ${line}`)].join('\n')}\n\n`;
      },
      end: () =>
        [
          'Summary of the processes:',
          '',
          `       Matched hosts: ${hosts}`,
          `   Matched processes: ${all.length}`,
          `       Resident size: ${sizeText(sum(all, 'rss'))}`,
          `        Virtual size: ${sizeText(sum(all, 'vsize'))}`,
          '\n',
        ].join('\n'),
    };
  };
}
