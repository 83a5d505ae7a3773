import type { ResultRow } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { statusTexts } from '@muster/protocol/messages';
import { cleanLine, cleanText } from './clean-text.ts';
import type { Palette } from './palette.ts';

export const displayModes = ['ok', 'failed', 'all', 'none'] as const;
export type DisplayMode = (typeof displayModes)[number];

/** What `--display` takes: `always` is MCollective's word for `all`. */
export const displayFlags = [...displayModes, 'always'] as const;
export type DisplayFlag = (typeof displayFlags)[number];

/** What of a node's answer is printed. */
export type Answer = Pick<ResultRow, 'identity' | 'state' | 'statusCode' | 'statusMessage' | 'data'> &
  Partial<Pick<ResultRow, 'arrival'>>;

/** Which answers are printed: as the flags say, else as the DDL says. Verbose prints all. */
export function displayMode(
  flag: DisplayFlag | undefined,
  verbose: boolean,
  action: Pick<ActionDefinition, 'display'> | undefined,
): DisplayMode {
  if (flag !== undefined) return flag === 'always' ? 'all' : flag;
  if (verbose) return 'all';
  return action?.display === 'always' ? 'all' : (action?.display ?? 'failed');
}

export function isShown(answer: Answer, mode: DisplayMode): boolean {
  if (mode === 'all' || mode === 'none') return mode === 'all';
  return (answer.statusCode === 0) === (mode === 'ok');
}

/** What went wrong, in a word or two; empty for status 0. */
export function statusLabel({ statusCode, state }: Answer, palette: Palette): string {
  switch (statusCode) {
    case null:
      return palette.yellow(state.replaceAll('_', ' '));
    case 0:
      return '';
    case 2:
    case 3:
    case 4:
      return palette.yellow(statusTexts[statusCode]);
    default:
      return palette.red(statusCode === 1 ? statusTexts[1] : statusTexts[5]);
  }
}

/** How an answer came that nobody waited for any more, or at all. */
const arrivalLabel = ({ arrival = null }: Answer, { yellow }: Palette): string =>
  arrival === null || arrival === 'on_time' ? '' : yellow(arrival);

function valueLines(value: unknown): readonly string[] {
  const text = typeof value === 'string' ? value.replace(/\n+$/, '') : JSON.stringify(value, null, 2);
  return cleanText(text).split('\n');
}

function dataLines(data: Answer['data'], action: ActionDefinition | undefined): readonly string[] {
  const outputs = Object.entries(data).map(([key, value]) => ({
    label: cleanLine(action?.outputs[key]?.display_as ?? key),
    value,
  }));
  const width = Math.max(...outputs.map(({ label }) => label.length), 0) + 3;
  const indent = ' '.repeat(width + 2);
  return outputs.flatMap(({ label, value }) => {
    const [first = '', ...rest] = valueLines(value);
    return [`${label.padStart(width)}: ${first}`.trimEnd(), ...rest.map((line) => indent + line)];
  });
}

/**
 * One node's answer: its name, what went wrong, whether it came late or unexpected, and its outputs under their display names. Data is printed for status 0
 * only, since a failed action leaves its outputs as they were.
 */
export function resultBlock(answer: Answer, action: ActionDefinition | undefined, palette: Palette): string {
  const label = [statusLabel(answer, palette), arrivalLabel(answer, palette)].filter((text) => text !== '').join(', ');
  const lines = [`${answer.identity.padEnd(40)} ${label}`.trimEnd()];
  const message = cleanText(answer.statusMessage);
  if (message !== '' && message !== 'OK') {
    lines.push(...message.split('\n').map((line) => `   ${palette.yellow(line)}`));
  }
  if (answer.statusCode === 0) lines.push(...dataLines(answer.data, action));
  return `${lines.join('\n')}\n\n`;
}
