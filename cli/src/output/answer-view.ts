import type { ActionDefinition } from '@muster/protocol/ddl';
import { table } from './columns.ts';
import { cellText, cleanLine } from './clean-text.ts';
import type { Palette } from './palette.ts';
import { resultBlock, statusLabel, type Answer } from './result-block.ts';

/** What answers look like to a person. */
export interface AnswerView {
  /** What is printed of an answer as it arrives; empty for nothing. */
  answer(answer: Answer): string;
  /** What is printed when the last one is there, above the summaries. */
  end(): string;
  /** What it prints at the end stands for the summaries of the DDL. */
  readonly summarises?: true;
}

export interface ViewContext {
  readonly action: ActionDefinition;
  /** Whom the request is for. */
  readonly identities: readonly string[];
  readonly palette: Palette;
}

/** Makes the view of one run. */
export type CreateView = (context: ViewContext) => AnswerView;

/** A block for each answer. */
export const blockView: CreateView = ({ action, palette }) => ({
  answer: (answer) => resultBlock(answer, action, palette),
  end: () => '',
});

/** Nothing but names. */
export const senderView: CreateView = () => ({ answer: ({ identity }) => `${identity}\n`, end: () => '' });

const isGood = ({ statusCode, statusMessage }: Answer): boolean =>
  statusCode === 0 && (statusMessage === '' || statusMessage === 'OK');

/**
 * A row for each answer: its outputs in the order of the DDL, then those that the DDL does not know, and a column for messages where
 * there are any. What is longer than a cell may be ends in `…`.
 */
export const tableView: CreateView = ({ action }) => {
  const answers: Answer[] = [];
  return {
    answer: (answer) => {
      answers.push(answer);
      return '';
    },
    end: () => {
      if (answers.length === 0) return '';
      const good = answers.filter(({ statusCode }) => statusCode === 0);
      const present = new Set(good.flatMap(({ data }) => Object.keys(data)));
      const outputs = [...Object.keys(action.outputs).filter((key) => present.delete(key)), ...present];
      const odd = answers.some((answer) => !isGood(answer));
      const headings = [
        'Node',
        ...outputs.map((key) => cleanLine(action.outputs[key]?.display_as ?? key)),
        ...(odd ? ['Message'] : []),
      ];
      const isNumber = (key: string) => good.every(({ data }) => typeof (data[key] ?? 0) === 'number');
      const rows = answers.map((answer) => [
        answer.identity,
        ...outputs.map((key) => (answer.statusCode === 0 ? cellText(answer.data[key]) : '')),
        ...(odd ? [isGood(answer) ? '' : cellText(answer.statusMessage)] : []),
      ]);
      const numbers = outputs.flatMap((key, at) => (isNumber(key) ? [headings[at + 1] ?? ''] : []));
      return `${table(headings, rows, numbers).join('\n')}\n\n`;
    },
  };
};

/** What went wrong, on one line. */
export function failureText(answer: Answer, palette: Palette): string {
  const message = cleanLine(answer.statusMessage);
  return message === '' || message === 'OK' ? statusLabel(answer, palette) : palette.red(message);
}

/** `node: text`, the names set to the right; what went wrong instead of the text where that happened. */
export function lineView(text: (answer: Answer) => string | null): CreateView {
  return ({ identities, palette }) => {
    const width = identities.reduce((widest, { length }) => Math.max(widest, length), 0) + 3;
    let printed = false;
    return {
      answer: (answer) => {
        const line = answer.statusCode === 0 ? text(answer) : failureText(answer, palette);
        if (line === null) return '';
        printed = true;
        return `${answer.identity.padStart(width)}: ${line}\n`;
      },
      end: () => (printed ? '\n' : ''),
    };
  };
}

/** A heading with a count for each node, and a line for each thing of its list. */
export function listView(things: string, list: (answer: Answer) => readonly string[]): CreateView {
  return ({ palette }) => ({
    answer: (answer) => {
      if (answer.statusCode !== 0) return `${answer.identity}: ${failureText(answer, palette)}\n\n`;
      const lines = list(answer);
      return `${[`${answer.identity}: ${lines.length} ${things}`, ...lines.map((line) => `   ${line}`)].join('\n')}\n\n`;
    },
    end: () => '',
  });
}
