import { expect, it } from 'vitest';
import { cleanJson, cleanLine, cleanText } from './clean-text.ts';

it('writes out what cannot be seen, and leaves everything else', () => {
  expect(cleanText('\u001b[31mred\u202Etxt\r\n\tmöre 日本')).toBe('\\u001b[31mred\\u202etxt\\u000d\n\tmöre 日本');
  expect(cleanLine('a\nb\tc\u2028d')).toBe('a\\nb\\tc\\u2028d');
});

it('writes JSON that means the same', () => {
  const value = { 'a\u009b': 'b\u202E\u0000', list: ['\u001b]0;x\u0007'] };
  const text = cleanJson(value);
  expect(text).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(text)).toEqual(value);
});
