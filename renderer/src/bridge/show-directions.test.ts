import { ok } from '@muster/protocol/errors';
import { expect, it } from 'vitest';
import { showDirections } from './show-directions.ts';

it('writes out what turns text around, in values and in names, and leaves everything else', async () => {
  const answer = ok({ rows: [{ 'a\u2066b': '\u202Egpj.exe', arabic: 'مرحبا', n: 1, none: null, no: false }] });
  const transport = showDirections(() => Promise.resolve(answer));
  expect(await transport('runs.get', {})).toEqual(
    ok({ rows: [{ 'a\\u2066b': '\\u202egpj.exe', arabic: 'مرحبا', n: 1, none: null, no: false }] }),
  );
});
