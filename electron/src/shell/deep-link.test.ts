import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetIn, targetOf } from './deep-link.ts';

const runId = '0123456789abcdef0123456789abcdef';

describe('links to the window', () => {
  it.each([
    [`muster://run/${runId}`, `#/runs/${runId}`],
    ['muster://node/web01.example.com', '#/fleet?node=web01.example.com'],
    ['muster://fleet', '#/fleet'],
    ['muster://fleet?filter=os.name%3DDebian%20and%20role%3Dweb', '#/fleet?filter=os.name%3DDebian+and+role%3Dweb'],
    ['muster://fleet/?filter=%23%26%3F', '#/fleet?filter=%23%26%3F'],
  ])('lead from %s', (link, fragment) => expect(targetOf(link)).toEqual({ fragment, profile: null }));

  it.each([
    '',
    'muster:',
    'muster://',
    'muster://run',
    'muster://run/../../etc/passwd',
    `muster://run/${runId}/../x`,
    `muster://run/${runId}?then=delete`,
    `muster://run/${runId}#/security`,
    `muster://run/${runId.toUpperCase()}`,
    `muster://user:pass@run/${runId}`,
    `muster://run:80/${runId}`,
    'muster://node/',
    'muster://node/a%2F..%2Fb',
    'muster://node/<script>',
    'muster://node/web01?filter=x',
    'muster://fleet?filter=a&filter=b',
    'muster://fleet?filter=a&node=b',
    'muster://fleet?profile=../evil',
    'muster://fleet?profile=a&profile=b',
    `muster://run/${runId}?profile=`,
    'muster://fleet/other?filter=a',
    `muster://fleet?filter=${'a'.repeat(100_000)}`,
    'muster://security/keys',
    'muster:run/x',
    'muster-app://window/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://example.org/',
  ])('do not lead anywhere from %s', (link) => expect(targetOf(link)).toBeNull());

  it('may name a fleet', () => {
    expect(targetOf('muster://fleet?filter=a%3D1&profile=acme')).toEqual({
      fragment: '#/fleet?filter=a%3D1',
      profile: 'acme',
    });
  });

  it('never lead away from our page, whatever comes', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `muster://fleet?filter=${text}`),
      fc.string({ unit: 'binary' }).map((text) => `muster://node/${encodeURIComponent(text.toWellFormed())}`),
      fc.webUrl().map((url) => url.replace(/^\w+/, 'muster')),
    );
    fc.assert(
      fc.property(hostile, (link) => {
        const target = targetOf(link);
        if (target === null) return;
        const { fragment } = target;
        expect(fragment.startsWith('#/')).toBe(true);
        const { protocol, host, pathname, search } = new URL(`muster-app://window/${fragment}`);
        expect([protocol, host, pathname, search]).toEqual(['muster-app:', 'window', '/', '']);
      }),
      { numRuns: 2000 },
    );
  });

  it('are found among the arguments of a program', () => {
    const link = `muster://run/${runId}?profile=staging`;
    expect(targetIn(['/usr/bin/muster', '--home', '/x', link])).toEqual({
      fragment: `#/runs/${runId}`,
      profile: 'staging',
    });
    expect(targetIn(['/usr/bin/muster', '--x=muster://fleet'])).toBeNull();
  });
});
