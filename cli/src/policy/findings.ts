import type { PolicyLintFinding } from '@muster/protocol/policy-lint';
import { cleanLine } from '../output/clean-text.ts';
import type { Palette } from '../output/palette.ts';

/** A finding as a line for a person. `folder` stands in for what is about no file of it. */
export function findingText(
  { file, line, column, rule, message }: PolicyLintFinding,
  folder: string,
  { bold, dim }: Pick<Palette, 'bold' | 'dim'>,
): string {
  const place = [file === '' ? folder : file, line, column].filter((part) => part !== null).join(':');
  return `${bold(cleanLine(`${place}:`))} ${cleanLine(message)} ${dim(`[${rule}]`)}\n`;
}
