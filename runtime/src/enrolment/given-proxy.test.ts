import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ok } from '@muster/protocol/errors';
import { proxyFromFlags, type ProxyFlags } from './index.ts';

const refused = (message: string, mend: string) => ({
  ok: false,
  error: {
    code: 'usage.invalid',
    message: expect.stringContaining(message) as string,
    mend: expect.stringContaining(mend) as string,
  },
});

it('flags give the section of a configuration', () => {
  expect(proxyFromFlags({})).toEqual(ok(undefined));
  expect(proxyFromFlags({ proxy: ' http://proxy.example.com:3128/ ' })).toEqual(
    ok({ url: 'http://proxy.example.com:3128', except: [], allow_http: false }),
  );
  const all: ProxyFlags = {
    proxy: 'https://corp%5Cmuster@proxy.example.com:3129',
    proxyPasswordFile: 'proxy.password',
    proxyCa: '/etc/proxy-ca.pem',
    proxyExcept: ['.corp.example.com'],
  };
  expect(proxyFromFlags(all)).toEqual(
    ok({
      url: 'https://proxy.example.com:3129',
      username: String.raw`corp\muster`,
      password_file: resolve('proxy.password'),
      ca: '/etc/proxy-ca.pem',
      except: ['.corp.example.com'],
      allow_http: false,
    }),
  );
});

it.each([
  'https://muster:sesame@proxy.example.com:3129',
  'http://muster:se#sa/me@proxy.example.com',
  'muster:sesame@proxy.example.com:3129',
  'https://muster:@proxy.example.com:3129',
])('a password in the URL is refused and not repeated: %s', (proxy) => {
  const outcome = proxyFromFlags({ proxy, proxyPasswordFile: 'file' });
  expect(outcome).toMatchObject(refused('has a password in it', '--proxy-password-file FILE'));
  expect(JSON.stringify(outcome)).not.toMatch(/sesame|se#sa/);
});

it.each<[string, ProxyFlags, string, string]>([
  ['a name alone', { proxy: 'https://muster@proxy:3129' }, 'needs a password', '--proxy-password-file'],
  ['a password alone', { proxy: 'https://proxy:3129', proxyPasswordFile: 'x' }, 'nobody who logs in', 'USER@HOST'],
  ['no proxy', { proxyPasswordFile: 'x' }, 'none that names it', '--proxy URL'],
  [
    'a password in the clear',
    { proxy: 'http://muster@proxy:3128', proxyPasswordFile: 'x' },
    'on its way',
    '--proxy-allow-http',
  ],
])('%s is refused', (_what, flags, message, mend) => {
  expect(proxyFromFlags(flags)).toMatchObject(refused(message, mend));
});

it('a password goes in the clear where that was said, or to this machine', () => {
  const login = { proxyPasswordFile: 'x' };
  expect(proxyFromFlags({ ...login, proxy: 'http://muster@proxy:3128', proxyAllowHttp: true }).ok).toBe(true);
  expect(proxyFromFlags({ ...login, proxy: 'http://muster@127.0.0.1:3128' }).ok).toBe(true);
});

it.each(['proxy.example.com:3128', 'socks5://proxy:1080', 'http://', 'http://%E0@proxy:1'])(
  '%s is no proxy',
  (proxy) => {
    expect(proxyFromFlags({ proxy })).toMatchObject({
      error: { code: 'usage.invalid', message: 'A proxy is given as http://HOST:PORT or https://HOST:PORT' },
    });
  },
);

it('servers that are reached directly must be names or addresses', () => {
  expect(proxyFromFlags({ proxy: 'http://proxy:3128', proxyExcept: ['10.0.0.0/8'] })).toMatchObject({
    error: { code: 'usage.invalid', message: expect.stringContaining('"except.0": use a name') as string },
  });
});
