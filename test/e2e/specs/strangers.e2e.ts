import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { $, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { useConsole } from '../console-session.ts';
import { complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { windowPage } from '../window-page.ts';

/** What a page of a stranger can try against the console, each with what it saw of it. */
async function attempts(consoleOrigin: string): Promise<Record<string, string>> {
  return browser.execute(async (origin) => {
    const order = JSON.stringify({ agent: 'rpcutil', action: 'ping' });
    const fetched = (path: string, init: RequestInit) =>
      fetch(`${origin}${path}`, init).then(
        async (response) => `${response.type} ${response.status} ${(await response.text()).slice(0, 20)}`,
        () => 'refused',
      );
    const loaded = (element: HTMLElement) =>
      new Promise<string>((resolve) => {
        element.onload = () => resolve('loaded');
        element.onerror = () => resolve('refused');
        document.body.append(element);
      });
    const socket = () =>
      new Promise<string>((resolve) => {
        const opened = new WebSocket(origin.replace('http', 'ws'));
        opened.onopen = () => resolve('opened');
        opened.onerror = () => resolve('refused');
      });
    const frame = async () => {
      const element = document.createElement('iframe');
      element.src = origin;
      await loaded(element);
      try {
        return `reached ${element.contentWindow?.document.title ?? ''}`;
      } catch {
        return 'refused';
      }
    };
    return {
      'reads the page': await fetched('/', {}),
      'reads a call': await fetched('/call/runs.start', { method: 'POST', body: order }),
      'sends a call blindly': await fetched('/call/runs.start', { method: 'POST', body: order, mode: 'no-cors' }),
      'sends JSON': await fetched('/call/runs.start', {
        method: 'POST',
        body: order,
        headers: { 'content-type': 'application/json' },
      }),
      'guesses a session': await fetched('/call/runs.start', {
        method: 'POST',
        body: order,
        headers: { authorization: `Bearer ${'A'.repeat(43)}` },
      }),
      'loads a picture': await loaded(Object.assign(document.createElement('img'), { src: `${origin}/muster.svg` })),
      'loads a script': await loaded(Object.assign(document.createElement('script'), { src: `${origin}/` })),
      'opens a socket': await socket(),
      'frames the window': await frame(),
    };
  }, consoleOrigin);
}

describe('a page of a stranger in the same browser', () => {
  const link = useConsole();
  let site: Server;
  let stranger: string;
  let runs: string;

  /** All runs that the console knows. */
  const history = async (): Promise<string> => (await muster(surroundings().home, 'runs', 'list', '--json')).out;

  before(async () => {
    site = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Stranger</title><body>');
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    // What listens on TCP has such an address.
    stranger = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
    await windowPage.open(link(), fleetSize);
    runs = await history();
    await windowPage.openInAnotherTab(stranger);
  });
  after(() => site.close());

  it('reads nothing and starts nothing', async () => {
    const seen = await attempts(new URL(link()).origin);
    // A request that nobody may read the answer of is opaque; that it was refused is looked at below.
    const { 'sends a call blindly': blind, ...others } = seen;
    expect(blind).toMatch(/^(refused|opaque 0 )$/);
    expect(Object.entries(others).filter(([, outcome]) => outcome !== 'refused')).toEqual([]);
  });

  it('is refused under a name of its own that leads to this machine', async () => {
    await browser.url(`http://rebound.example:${new URL(link()).port}/`);
    await expect($('body')).toHaveText(/another host/);
    expect(
      await browser.execute(() => fetch('/call/session.get', { method: 'POST' }).then(({ status }) => status)),
    ).toBe(403);
  });

  it('left the console as it was', async () => {
    // What the browser held against the stranger's page is no fault of the window.
    await complaintsOfBrowser();
    await browser.closeWindow();
    const [first] = await browser.getWindowHandles();
    await browser.switchToWindow(first ?? '');
    expect(await history()).toBe(runs);
    await windowPage.goTo('fleet');
    await windowPage.countBecomes(fleetSize, fleetSize);
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
