import { expect, it } from 'vitest';
import { answersAtHand, resultColumns } from './result-columns.ts';

const row = (data: Record<string, string | string[]>, statusMessage = '') => ({
  identity: 'web1',
  state: 'ok' as const,
  arrival: null,
  statusCode: statusMessage === '' ? 0 : 1,
  statusMessage,
  data,
  elapsedMs: 4,
});
const growing = (rows: ReturnType<typeof row>[]) =>
  resultColumns(null, ['value', 'list'], {}, answersAtHand(rows))
    .filter(({ grows }) => grows === true)
    .map(({ id }) => id);

it('gives what is left to lists and hashes, and to messages when there are any', () => {
  expect(growing([row({ value: 'a' })])).toEqual(['@message']);
  expect(growing([row({ value: 'a', list: ['b'] })])).toEqual(['list']);
  expect(growing([row({ list: ['b'] }), row({}, 'no such file')])).toEqual(['list', '@message']);
});
