import { AssertionError } from 'node:assert/strict';

/** What was thrown, with its stack. */
export const describeThrown = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : `thrown: ${String(thrown)}`;

/** The functions on top of the stack, without lines and columns, and without those that fuzz. */
function topFunctions(stack: string): readonly string[] {
  const [above = ''] = stack.split(/\n.*fuzz-loop/, 1);
  return [...above.matchAll(/^\s+at (?:async )?(\S+) \(/gm)].slice(0, 3).map(([, name = '']) => name);
}

/**
 * Tells faults apart: by kind of error and by where it was thrown, and by what a target said did not hold; other messages
 * often quote the input. Where a stack overflows is chance, so all overflows of a target count as one.
 */
export function faultKey(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'thrown';
  if (thrown instanceof RangeError && thrown.message.startsWith('Maximum call stack')) return 'stack overflow';
  const said =
    thrown instanceof AssertionError && !thrown.generatedMessage
      ? thrown.message.split('\n', 1).join('').replaceAll(/\d+/g, '#')
      : '';
  return [`${thrown.name} ${said}`.trim(), ...topFunctions(thrown.stack ?? '')].join(' < ');
}
