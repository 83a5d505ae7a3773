import assert from 'node:assert/strict';
import { errorCatalogue, type Fault } from '@muster/protocol/errors';

/** Longest message of a fault, and longest mend, in characters. */
const longestMessage = 2000;

interface Expected {
  /** The text that was read, where the fault may point into it. */
  readonly text?: string;
  readonly codes?: RegExp;
  /** Whether the fault must say where in the text. */
  readonly placed?: boolean;
}

/** What holds for every fault: it is of the catalogue, says something, is short enough to show, and points into the text. */
export function assertFault(fault: Fault, { text = '', codes, placed = false }: Expected = {}): void {
  const { code, message, mend, position } = fault;
  assert.ok(Object.hasOwn(errorCatalogue, code), `${code} is not in the catalogue`);
  assert.notEqual(code, 'internal');
  if (codes !== undefined) assert.match(code, codes);
  assert.notEqual(message, '');
  for (const text of [message, mend ?? ''])
    assert.ok(text.length <= longestMessage, `${text.length} characters are told`);
  if (placed) assert.ok(position !== undefined, 'the fault says no place');
  if (position === undefined) return;
  const { start, end } = position;
  assert.ok(start >= 0 && start <= end && end <= text.length, `${start} to ${end} is not in a text of ${text.length}`);
}
