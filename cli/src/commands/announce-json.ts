import type { TextSink } from '../surroundings.ts';

/**
 * Writes a line feed, which JSON allows, as soon as a command begins whose JSON may be the list of nodes of the next command
 * in a pipe: so that one knows that its STDIN is written to, however long the answers take.
 */
export function announceJson(flags: { readonly json?: true }, stdout: TextSink): void {
  if (flags.json === true && stdout.isPipe) stdout.write('\n');
}
