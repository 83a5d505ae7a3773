import { actionSchema } from '@muster/protocol/ddl';
import { expect, it } from 'vitest';
import { noAnswers, outputColumnsOf, resultColumns, usualOutputs, withAnswers } from './result-columns.ts';

const row = (data: Record<string, string | number | null | string[]>, statusMessage = '') => ({
  identity: 'web1',
  state: 'ok' as const,
  arrival: null,
  statusCode: statusMessage === '' ? 0 : 1,
  statusMessage,
  data,
  elapsedMs: 4,
});
const growing = (rows: ReturnType<typeof row>[]) =>
  resultColumns(null, outputColumnsOf(null, ['value', 'list']), {}, withAnswers(noAnswers, rows))
    .filter(({ grows }) => grows === true)
    .map(({ id }) => id);

it('gives what is left to lists and hashes, and to messages when there are any', () => {
  expect(growing([row({ value: 'a' })])).toEqual(['@message']);
  expect(growing([row({ value: 'a', list: ['b'] })])).toEqual(['list']);
  expect(growing([row({ list: ['b'] }), row({}, 'no such file')])).toEqual(['list', '@message']);
});

it('shows the described outputs first, under their names, and numbers at the end of their cells', () => {
  const action = actionSchema.parse({
    name: 'status',
    description: '',
    effect: 'read',
    outputs: {
      pid: { display_as: 'Process', description: 'Its number', type: 'integer' },
      state: { display_as: 'State', description: '' },
    },
  });
  const all = outputColumnsOf(action, ['state', 'extra', 'mixed']);
  expect(all.map(({ title }) => title)).toEqual(['Process', 'State', 'extra', 'mixed']);
  const rows = [row({ extra: 1, mixed: 2 }), row({ extra: null, mixed: 'a' })];
  const columns = resultColumns(action, all, {}, withAnswers(noAnswers, rows));
  expect(columns.filter(({ align }) => align === 'end').map(({ id }) => id)).toEqual(['@elapsed', 'pid', 'extra']);
});

it('gives a column unasked to some outputs only', () => {
  const all = outputColumnsOf(
    null,
    Array.from({ length: 30 }, (_, index) => `output${index}`),
  );
  expect(usualOutputs(all).size).toBe(8);
});

it('has a column of its own for each output, whatever it is called', () => {
  const outputs = outputColumnsOf(null, ['identity', 'state', 'elapsed', 'message', 'node']);
  const ids = resultColumns(null, outputs, {}, noAnswers).map(({ id }) => id);
  expect(ids).toHaveLength(9);
  expect(new Set(ids).size).toBe(9);
});

it('learns from each page of answers, and says whether there was something to learn', () => {
  const first = withAnswers(noAnswers, [row({ value: 1, list: ['a'] })]);
  expect([...first.outputs]).toEqual(['value', 'list']);
  expect(withAnswers(first, [row({ value: 2, list: ['b'] }), row({ value: null })])).toBe(first);
  const second = withAnswers(first, [row({ value: 'two', more: 1 }, 'no such file')]);
  expect([...second.outputs]).toEqual(['value', 'list', 'more']);
  expect(second.hasMessages).toBe(true);
  const columns = resultColumns(null, outputColumnsOf(null, [...second.outputs]), {}, second);
  expect(columns.filter(({ align }) => align === 'end').map(({ id }) => id)).toEqual(['@elapsed', 'more']);
});
