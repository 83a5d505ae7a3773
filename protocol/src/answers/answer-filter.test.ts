import { describe, expect, it } from 'vitest';
import { unwrap } from '../errors/index.ts';
import { readAnswerFilter, type FilteredAnswer } from './answer-filter.ts';

const answer = (more: Partial<FilteredAnswer> = {}): FilteredAnswer => ({
  identity: 'web1.example.com',
  state: 'ok',
  statusCode: 0,
  statusMessage: 'OK',
  outcome: 'ok',
  arrival: 'on_time',
  elapsedMs: 1500,
  data: { ensure: '1.18', exitcode: 0, os: { name: 'Debian' } },
  ...more,
});
const failed = answer({
  state: 'failed',
  statusCode: 1,
  statusMessage: 'no such package',
  outcome: 'failed',
  data: { exitcode: 7 },
});
const silent = answer({
  state: 'no_answer',
  statusCode: null,
  statusMessage: '',
  outcome: null,
  arrival: null,
  elapsedMs: null,
  data: {},
});
const matching = (text: string) =>
  [answer(), failed, silent].filter(unwrap(readAnswerFilter(text))).map(({ state }) => state);

describe('a filter over answers', () => {
  it('asks what nodes answered, how it ended, and who said it', () => {
    expect(matching('data.exitcode>0')).toEqual(['failed']);
    expect(matching('data.os.name=Debian or message=/no such/')).toEqual(['ok', 'failed']);
    expect(matching('elapsed>1')).toEqual(['ok', 'failed']);
    expect(matching('@identity=web*')).toHaveLength(3);
    expect(matching('')).toHaveLength(3);
  });

  it('tells nodes that have not answered from those that failed', () => {
    expect(matching('failed')).toEqual(['failed']);
    expect(matching('not ok')).toEqual(['failed', 'no_answer']);
    expect(matching('no_answer or state=failed')).toEqual(['failed', 'no_answer']);
    expect(matching('failed=true')).toEqual(['failed']);
  });

  it('leaves data alone that nobody asks for', () => {
    const costly = {
      ...answer(),
      get data(): never {
        throw new Error('it was read');
      },
    };
    expect(unwrap(readAnswerFilter('ok and elapsed<2'))(costly)).toBe(true);
    expect(() => unwrap(readAnswerFilter('data.a=1'))(costly)).toThrow('it was read');
  });

  it('points at what says nothing of an answer', () => {
    const place = (text: string) => {
      const read = readAnswerFilter(text);
      return read.ok ? 'read' : [read.error.code, text.slice(read.error.position?.start, read.error.position?.end)];
    };
    expect(place('data.exitcode>0 and (exitcode > 0)')).toEqual(['usage.invalid', 'exitcode > 0']);
    expect(place('not nginx')).toEqual(['usage.invalid', 'nginx']);
    expect(place('ok or @class!=web')).toEqual(['usage.invalid', '@class!=web']);
    expect(place('@agent=package')).toEqual(['usage.invalid', '@agent=package']);
    expect(place('ok and disk("/").free>1')).toEqual(['usage.invalid', 'disk("/").free>1']);
    expect(place('data.exitcode>')).toMatchObject(['filter.syntax', '']);
  });
});
