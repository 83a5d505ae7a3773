import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConnectProxy, type ConnectProxy } from '../../../test/support/connect-proxy.ts';
import { createAuthority, issueCertificate } from '../pki/index.ts';
import { goesThrough, wayTo, type ProxySettings } from './index.ts';

describe('whether a server is reached through the proxy', () => {
  const except = ['broker.example.com', '.corp.example.com', '10.1.2.3', '2001:db8::1'];
  it.each([
    ['hooks.example.com', true],
    ['broker.example.com', false],
    ['Broker.Example.COM', false],
    ['other.broker.example.com', true],
    ['a.b.corp.example.com', false],
    ['corp.example.com', true],
    ['10.1.2.3', false],
    ['10.1.2.30', true],
    ['2001:db8::1', false],
    ['localhost', false],
    ['127.0.0.1', false],
    ['::1', false],
  ])('%s: %s', (host, through) => expect(goesThrough({ except }, host)).toBe(through));
});

describe('the way to a server', () => {
  let server: Server;
  let port: number;
  const open: ConnectProxy[] = [];
  beforeAll(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).end('welcome'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo); // a TCP server that listens has one
  });
  afterEach(async () => {
    for (const proxy of open.splice(0)) await proxy.close();
  });
  afterAll(() => server.close());

  async function opened(options?: Parameters<typeof openConnectProxy>[0]): Promise<ConnectProxy> {
    const proxy = await openConnectProxy(options);
    open.push(proxy);
    return proxy;
  }
  const way = (settings: ProxySettings | undefined, host = 'far.example.com', signal = AbortSignal.timeout(5000)) =>
    wayTo(settings, { host, port }, signal);

  async function said(settings: ProxySettings, host?: string): Promise<string> {
    const tunnel = await way(settings, host);
    if (tunnel === 'directly' || 'trouble' in tunnel) throw new Error(JSON.stringify(tunnel));
    return text(tunnel.socket);
  }

  it('is direct without a proxy, and for what is excepted', async () => {
    expect(await way(undefined)).toBe('directly');
    expect(await way({ url: 'http://127.0.0.1:1', except: ['far.example.com'] })).toBe('directly');
  });

  it('is what the proxy opened, which alone looks the name up; nothing that the server said first is lost', async () => {
    const { url, asked } = await opened();
    expect(await said({ url, except: [] })).toBe('welcome');
    expect(asked).toMatchObject([{ target: `far.example.com:${port}` }]);
    expect(asked[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(await said({ url, except: [] }, '2001:db8::1')).toBe('welcome');
    expect(asked[1]?.target).toBe(`[2001:db8::1]:${port}`);
  });

  it('goes by the login of the proxy', async () => {
    const { url } = await opened({ login: 'muster:open sesame' });
    const account = { username: 'muster', password: 'open sesame' };
    expect(await said({ url, except: [], account })).toBe('welcome');
    const wrong = await way({ url, except: [], account: { username: 'muster', password: 'open barley' } });
    expect(wrong).toEqual({
      trouble: `The proxy ${url} wants to know who we are, or refused the password (HTTP 407)`,
    });
    expect(JSON.stringify(wrong)).not.toContain('barley');
  });

  it('goes to the proxy itself under TLS, which is verified', async () => {
    const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
    const tls = await issueCertificate(authority, {
      role: 'broker',
      name: 'proxy',
      validDays: 1,
      hosts: ['127.0.0.1'],
    });
    const { url, asked } = await opened({ tls });
    expect(await said({ url, except: [], ca: authority.certificatePem })).toBe('welcome');
    expect(await way({ url, except: [] })).toEqual({
      trouble: expect.stringContaining(`The proxy ${url} cannot be reached`) as string,
    });
    expect(asked).toHaveLength(1);
  });

  it('is not there when the proxy refuses, is gone, or says nothing', async () => {
    const forbidding = await opened({ status: 403 });
    expect(await way({ url: forbidding.url, except: [] })).toEqual({
      trouble: `The proxy ${forbidding.url} did not let us through (HTTP 403)`,
    });
    const gone = await opened();
    await gone.close();
    open.pop();
    expect(await way({ url: gone.url, except: [] })).toEqual({
      trouble: expect.stringMatching(/cannot be reached: .*ECONNREFUSED/) as string,
    });
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect(await way({ url, except: [] }, undefined, AbortSignal.timeout(200))).toEqual({
      trouble: `The proxy ${url} did not answer in time`,
    });
    silent.close();
  });
});
