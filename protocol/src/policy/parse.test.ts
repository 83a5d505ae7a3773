import { describe, expect, it } from 'vitest';
import { fail, ok } from '../errors/index.ts';
import { parseGroups, parsePolicy, policyFileKind, policyLimits, readPolicies } from './index.ts';

/** Each fault with what stands where it points. */
const faults = (text: string) =>
  parsePolicy('x.policy', ok(text)).faults.map(({ fault, line, column }) => {
    const { start, end } = fault.position ?? { start: 0, end: 0 };
    return { code: fault.code, line, column, at: text.slice(start, end) };
  });

describe('a fault of a policy', () => {
  it.each([
    ['allow\tcert=a\tst*\t*\t*', 'policy.syntax', 14, 'st*'],
    ['allow\tcert=a,cert=b\t*\t*\t*', 'policy.syntax', 7, 'cert=a,cert=b'],
    ['allow\tcert=a /[/\t*\t*\t*', 'filter.regex', 14, '/[/'],
    ['allow\t/cert=a\t*\t*\t*', 'policy.syntax', 7, '/cert=a'],
    ['allow\tcert=a\t*\tos=linux cpu>=\t*', 'filter.syntax', 30, ''],
    ['allow\tcert=a\t*\tos=linux and (cpu=4\t*', 'filter.syntax', 29, '('],
    ['allow\tcert=a\t*\t*\t* where x = 1 or y', 'policy.syntax', 26, 'x = 1 or y'],
    ['allow\tcert=a\t*\t*\t*\twhere x = /(/', 'filter.regex', 30, '/(/'],
    ['allow\tcert=a\t*\t \t*', 'policy.syntax', 16, ''],
    ['Allow\tcert=a\t*\t*\t*', 'policy.syntax', 1, 'Allow'],
    ['allow cert=a * * *', 'policy.syntax', 1, 'allow cert=a * * *'],
    ['policy default', 'policy.syntax', 1, 'policy default'],
    ['policy default deny please', 'policy.syntax', 1, 'policy default deny please'],
  ])('of %j is placed', (line, code, column, at) => {
    expect(faults(`# one\n${line}\n`)).toEqual([{ code, line: 2, column, at }]);
    expect(faults(`\uFEFF\r\n${line}\r\n`)).toEqual([{ code, line: 2, column, at }]);
  });

  it('is told for each line', () => {
    expect(faults('x\nallow\tcert=a\t*\t*\ny\n').map(({ line }) => line)).toEqual([1, 3]);
  });

  it('of the file as a whole has no line', () => {
    const { fault } = { fault: fail('policy.unreadable', 'no') };
    expect(parsePolicy('x.policy', fault).faults).toEqual([{ fault: fault.error, line: null, column: null }]);
  });
});

describe('limits', () => {
  const many = (count: number, line: string) => `${line}\n`.repeat(count);

  it.each([
    ['rules', many(policyLimits.rules + 1, 'allow\tcert=a\t*\t*\t*'), 'more than 2000 rules'],
    ['regular expressions', many(policyLimits.regexes + 1, 'allow\t/a/\t*\t*\t*'), 'more than 500 regular expressions'],
    ['the length of a line', `allow\tcert=${'a'.repeat(policyLimits.lineLength)}\t*\t*\t*`, 'longer than 8192'],
    [
      'constraints',
      `allow\t*\t*\t*\t*\twhere ${'a and '.repeat(policyLimits.constraints)}b`,
      'more than 50 conditions',
    ],
  ])('bound %s', (_what, text, message) => {
    const { faults: found } = parsePolicy('x.policy', ok(text));
    expect(found).toHaveLength(1);
    expect(found[0]?.fault.message).toContain(message);
  });

  it('bound groups', () => {
    const names = Array.from({ length: policyLimits.groups + 1 }, (_, index) => `g${index} cert=a`).join('\n');
    expect(parseGroups(ok(names)).faults[0]?.fault.message).toContain('more than 1000 groups');
    const members = `ops${' cert=a'.repeat(policyLimits.members + 1)}`;
    expect(parseGroups(ok(members)).faults[0]?.fault.message).toContain('20000 members');
  });
});

describe('groups', () => {
  it.each([
    ['ops cert=a\nops cert=b', 2, 'stands in line 1 already'],
    ['ops web', 1, 'groups hold no groups'],
    ['cert=a cert=b', 1, 'is not the name of a group'],
    ['ops /(/', 1, 'The regular expression is broken'],
  ])('%j are refused', (text, line, message) => {
    const [found] = parseGroups(ok(text)).faults;
    expect(found).toMatchObject({ line, fault: { message: expect.stringContaining(message) as string } });
  });
});

describe('a folder', () => {
  it.each([
    ['service.policy', 'policy'],
    ['default.policy', 'policy'],
    ['groups', 'groups'],
    ['settings.json', 'settings'],
    ['Service.policy', undefined],
    ['a/b.policy', undefined],
    ['service.policy~', undefined],
    ['.policy', undefined],
  ])('%s is %s', (name, kind) => expect(policyFileKind(name)).toBe(kind));

  it('has settings that count before its own', () => {
    const sources = new Map([['settings.json', ok('{"allow_unconfigured": true, "enable_default": 1}')]]);
    expect(readPolicies(sources).settings).toEqual({ allowUnconfigured: true, enableDefault: true });
    expect(readPolicies(sources, { allowUnconfigured: false }).settings).toEqual({
      allowUnconfigured: false,
      enableDefault: true,
    });
  });
});
