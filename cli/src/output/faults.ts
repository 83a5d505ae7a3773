import { cleanJson, cleanLine, cleanText } from './clean-text.ts';
import { createPalette } from './palette.ts';
import { runEvents } from './run-events.ts';
import { faultJson, type ReportedFault } from './run-json.ts';
import type { TextSink } from '../surroundings.ts';

/** The text of a fault for a terminal; with the text that it points into, the place is marked below it. */
export function faultText(fault: ReportedFault, about: string | undefined, red: (text: string) => string): string {
  const lines = [`${red('muster:')} ${cleanText(fault.message)}`];
  if (about !== undefined && fault.position !== undefined && !about.includes('\n')) {
    const before = cleanLine(about.slice(0, fault.position.start));
    const marked = cleanLine(about.slice(fault.position.start, Math.max(fault.position.end, fault.position.start + 1)));
    lines.push(`  ${cleanLine(about)}`, `  ${' '.repeat(before.length)}${red('^'.repeat(Math.max(1, marked.length)))}`);
  }
  if (fault.mend !== undefined) lines.push(cleanText(fault.mend));
  return `${lines.join('\n')}\n`;
}

/** Says what went wrong: as `{"error": …}` on STDOUT with `--json` (with `--jsonl` as an event), else in words on STDERR. */
export function reportFault(
  fault: ReportedFault,
  options: { form: 'text' | 'json' | 'jsonl'; about: string | undefined; stdout: TextSink; stderr: TextSink },
): void {
  if (options.form === 'jsonl') options.stdout.write(runEvents.error(fault));
  else if (options.form === 'json') options.stdout.write(`${cleanJson({ error: faultJson(fault) })}\n`);
  else options.stderr.write(faultText(fault, options.about, createPalette(options.stderr.colours).red));
}
