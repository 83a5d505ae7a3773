import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PassphraseKeeper } from '@muster/client/guard';
import { ProfileBook } from '@muster/client/profiles';
import { callNames, type Dispatcher, type ProfileHandlers } from '@muster/protocol/bridge';
import type { ReportHost } from '@muster/client/window';
import { fail, ok, unwrap } from '@muster/protocol/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createElectronDouble,
  type BrowserWindowDouble,
  type ElectronDouble,
} from '../../../test/support/electron-double.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { contentSecurityPolicy, type WindowFiles } from '../window-files/index.ts';
import type { ShellOptions } from './start-shell.ts';

const page = { contentType: 'text/html; charset=utf-8', body: new TextEncoder().encode('<!doctype html>') };
const files: WindowFiles = new Map([['/', page]]);

describe('the shell', () => {
  let home: string;
  let electron: ElectronDouble;
  let forgotten: string[];
  let engineCloses: number;
  let reports: string[];
  let locks: string[];

  const dispatcher: Dispatcher = {
    dispatch: (name, payload, peer) => Promise.resolve(ok({ name, payload, peer })),
    forget: (peer) => forgotten.push(peer),
    closeRefused: () => undefined,
    close: () => undefined,
  };

  /** Starts the shell on the double; resolves with its window once there is one. */
  async function start(options: Partial<ShellOptions> = {}): Promise<BrowserWindowDouble | undefined> {
    const { startShell } = await import('./start-shell.ts');
    const close = () => {
      engineCloses++;
      return Promise.resolve();
    };
    const started = startShell({
      home,
      dataHome: home,
      book: new ProfileBook(home),
      args: [],
      readFiles: () => Promise.resolve(ok(files)),
      openEngine: () => Promise.resolve(ok({ dispatcher, lock: (reason) => locks.push(reason), close })),
      report: (line) => reports.push(line),
      ...options,
    });
    electron.app.ready();
    await started;
    return electron.windows[0];
  }

  async function startWindow(): Promise<BrowserWindowDouble> {
    const window = await start();
    if (window === undefined) throw new Error('The shell opened no window');
    return window;
  }

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'muster-shell-'));
    electron = createElectronDouble();
    [forgotten, engineCloses, reports, locks] = [[], 0, [], []];
    vi.resetModules();
    vi.doMock('electron', () => electron.module);
  });

  afterEach(async () => {
    vi.doUnmock('electron');
    for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal);
    await rm(home, { recursive: true });
  });

  it('opens a window that is isolated from Node', async () => {
    const window = await startWindow();
    expect(window.options['webPreferences']).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      additionalArguments: [`--muster-calls=${callNames.join(',')}`],
    });
    expect(electron.app.calls).toContain('enableSandbox');
    expect(window.webContents.mainFrame.url).toBe('muster-app://window/');
  });

  it('shows the window only when there is something to see', async () => {
    const window = await startWindow();
    expect(window.options['show']).toBe(false);
    expect(window.calls).toEqual([]);
    window.emit('ready-to-show');
    expect(window.calls).toEqual(['show']);
  });

  describe('its scheme', () => {
    const ask = (url: string, method = 'GET') => electron.served.get('muster-app')?.(new Request(url, { method }));

    it('is declared as standard and secure, and nothing more', async () => {
      await start();
      const privileges = { standard: true, secure: true, supportFetchAPI: true };
      expect(electron.schemes).toEqual([{ scheme: 'muster-app', privileges }]);
    });

    it('serves the page with the policy of the browser host', async () => {
      await start();
      const response = ask('muster-app://window/#/fleet');
      expect(response?.status).toBe(200);
      expect(response?.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
      expect(response?.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response?.text()).toBe('<!doctype html>');
    });

    it.each([
      'muster-app://window/../main.js',
      'muster-app://window/%2e%2e/main.js',
      'muster-app://other/',
      'muster-app://window/etc/passwd',
    ])('has nothing at %s', async (url) => {
      await start();
      expect(ask(url)?.status).toBe(404);
    });

    it('is only read', async () => {
      await start();
      expect(ask('muster-app://window/', 'POST')?.status).toBe(404);
    });
  });

  describe('its pages', () => {
    it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('stay where they are (%s)', async (event) => {
      const { webContents } = await startWindow();
      for (const url of [
        'https://example.org/',
        'file:///etc/passwd',
        'muster-app://other/',
        'muster-app://window/x',
        'javascript:1',
        '',
      ]) {
        expect(webContents.attempt(event, { url }), url).toBe(true);
      }
      expect(webContents.attempt(event, { url: 'muster-app://window/#/runs' })).toBe(false);
    });

    it('open nothing but our page in another window, and embed no webview', async () => {
      const { webContents } = await startWindow();
      expect(webContents.openWindow?.({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
      expect(electron.windows).toHaveLength(1);
      expect(webContents.openWindow?.({ url: 'muster-app://window/#/history' })).toEqual({ action: 'deny' });
      expect(electron.windows[1]?.webContents.mainFrame.url).toBe('muster-app://window/#/history');
      expect(electron.windows[1]?.options['webPreferences']).toEqual(electron.windows[0]?.options['webPreferences']);
      expect(webContents.attempt('will-attach-webview')).toBe(true);
    });

    it('get no permission but that for notes, and no device', async () => {
      const { webContents } = await startWindow();
      const decisions: boolean[] = [];
      electron.permissions.get('request')?.(webContents, 'media', (granted) => decisions.push(granted));
      electron.permissions.get('request')?.(webContents, 'notifications', (granted) => decisions.push(granted));
      expect(decisions).toEqual([false, true]);
      expect(electron.permissions.get('check')?.(webContents, 'media', () => undefined)).toBe(false);
      expect(electron.permissions.get('device')?.(webContents, 'usb', () => undefined)).toBe(false);
    });
  });

  describe('a call', () => {
    const call = (event: object, ...values: unknown[]) => electron.channels.get('muster:call')?.(event, ...values);

    it('reaches the dispatcher from the main frame of the window', async () => {
      const { webContents: sender } = await startWindow();
      const answer = await call({ sender, senderFrame: sender.mainFrame }, 'fleet.count', { filter: '' });
      expect(answer).toEqual(ok({ name: 'fleet.count', payload: { filter: '' }, peer: `shell-${sender.id}` }));
    });

    it('is refused to any other sender', async () => {
      const { webContents: sender } = await startWindow();
      const forbidden = { ok: false, error: { code: 'bridge.forbidden' } };
      expect(await call({ sender, senderFrame: { url: 'muster-app://window/' } }, 'fleet.count', {})).toMatchObject(
        forbidden,
      );
      expect(await call({ sender, senderFrame: null }, 'fleet.count', {})).toMatchObject(forbidden);
      sender.mainFrame.url = 'https://example.org/';
      expect(await call({ sender, senderFrame: sender.mainFrame }, 'fleet.count', {})).toMatchObject(forbidden);
    });

    it('needs a text as its name', async () => {
      const { webContents: sender } = await startWindow();
      const answer = await call({ sender, senderFrame: sender.mainFrame }, { toString: 'x' }, {});
      expect(answer).toMatchObject({ ok: false, error: { code: 'bridge.unknown_endpoint' } });
    });
  });

  describe('a path', () => {
    const choose = (event: object, kind: unknown) => electron.channels.get('muster:choose')?.(event, kind);

    it.each([
      { kind: 'file', property: 'openFile', path: '/home/alice/alice.join' },
      { kind: 'folder', property: 'openDirectory', path: '/srv/staging' },
    ])('of a $kind is chosen with the dialog of the system, in front of the window that asks', async (one) => {
      const { webContents: sender } = await startWindow();
      electron.state.openPath = one.path;
      expect(await choose({ sender, senderFrame: sender.mainFrame }, one.kind)).toBe(one.path);
      expect(electron.openDialogs).toEqual([[electron.windows[0], { properties: [one.property] }]]);
    });

    it('is not there when a person has changed their mind', async () => {
      const { webContents: sender } = await startWindow();
      expect(await choose({ sender, senderFrame: sender.mainFrame }, 'file')).toBeNull();
    });

    it('is asked of nobody for another page, or for anything else than a file or a folder', async () => {
      const { webContents: sender } = await startWindow();
      electron.state.openPath = '/etc/shadow';
      const ours = { sender, senderFrame: sender.mainFrame };
      for (const kind of ['device', { kind: 'file' }, undefined]) expect(await choose(ours, kind)).toBeNull();
      expect(await choose({ sender, senderFrame: { url: 'muster-app://window/' } }, 'file')).toBeNull();
      sender.mainFrame.url = 'https://example.org/';
      expect(await choose({ sender, senderFrame: sender.mainFrame }, 'file')).toBeNull();
      expect(electron.openDialogs).toEqual([]);
    });
  });

  it('forgets the streams of a page that is left', async () => {
    const { webContents } = await startWindow();
    const navigate = (isMainFrame: boolean, isSameDocument: boolean) =>
      webContents.attempt('did-start-navigation', { isMainFrame, isSameDocument });
    navigate(true, true);
    navigate(false, false);
    expect(forgotten).toEqual([]);
    navigate(true, false);
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    webContents.emit('destroyed');
    expect(forgotten).toEqual(Array(3).fill(`shell-${webContents.id}`));
  });

  describe('when the window crashes', () => {
    it.each([
      { answer: 0, wanted: 'reload' },
      { answer: 1, wanted: 'destroy' },
    ])('offers to $wanted', async ({ answer, wanted }) => {
      const window = await startWindow();
      electron.state.boxAnswer = answer;
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
      await eventually(() => expect(window.calls).toContain(wanted));
      expect(electron.boxes).toEqual(['The window has crashed']);
    });
  });

  describe('its place on the desktop', () => {
    const keep = async (state: unknown) => {
      electron.app.setPath('userData', home);
      await writeFile(join(home, 'window-state.json'), JSON.stringify(state));
      const { openMainWindow } = await import('./main-window.ts');
      electron.app.ready();
      openMainWindow(join(home, 'window-state.json'));
      return electron.windows[0];
    };
    const bounds = { x: 30, y: 40, width: 1200, height: 800 };

    it('is kept with the home', async () => {
      const window = await startWindow();
      window.bounds = bounds;
      window.maximize();
      window.close();
      expect(electron.app.paths['userData']).toBe(join(home, 'data', 'window'));
      const kept = await readFile(join(home, 'data', 'window', 'window-state.json'), 'utf8');
      expect(JSON.parse(kept)).toEqual({ bounds, isMaximized: true });
    });

    it('is taken again', async () => {
      const window = await keep({ bounds, isMaximized: true });
      expect(window?.options).toMatchObject(bounds);
      expect(window?.maximized).toBe(true);
    });

    it('is not taken where no display is any more', async () => {
      const window = await keep({ bounds: { ...bounds, x: 5000 }, isMaximized: false });
      expect(window?.options).toMatchObject({ width: 1200, height: 800 });
      expect(window?.options).not.toHaveProperty('x');
    });

    it.each([
      null,
      {},
      { bounds: { x: 1 }, isMaximized: false },
      { bounds: { ...bounds, width: '9' }, isMaximized: false },
    ])('starts anew from %j', async (state) => {
      expect((await keep(state))?.options).toMatchObject({ width: 1440, height: 900 });
    });
  });

  describe('as the only instance', () => {
    it('leaves at once when there is another', async () => {
      electron.app.isFirstInstance = false;
      expect(await start()).toBeUndefined();
      expect(electron.app.exitCode).toBe(0);
    });

    it('comes forward when started again', async () => {
      const window = await startWindow();
      window.minimized = true;
      electron.app.emit('second-instance', {}, ['muster']);
      expect(window.calls).toEqual(['restore', 'focus']);
      expect(window.webContents.mainFrame.url).toBe('muster-app://window/');
    });
  });

  describe('a link from outside', () => {
    const urlOf = (window: BrowserWindowDouble | undefined) => window?.webContents.mainFrame.url;

    it('leads the window that is there', async () => {
      const window = await startWindow();
      expect(electron.app.calls).toContain('setAsDefaultProtocolClient muster');
      electron.app.emit('second-instance', {}, ['muster', 'muster://node/web01']);
      expect(urlOf(window)).toBe('muster-app://window/#/fleet?node=web01');
      expect(electron.app.emit('open-url', { preventDefault: () => undefined }, 'muster://fleet')).toBe(true);
      expect(urlOf(window)).toBe('muster-app://window/#/fleet');
      expect(electron.windows).toHaveLength(1);
    });

    it('is where the first window begins', async () => {
      const window = await start({ args: ['--home', home, 'muster://fleet?filter=role%3Dweb'] });
      expect(urlOf(window)).toBe('muster-app://window/#/fleet?filter=role%3Dweb');
    });

    it('that is hostile leads nowhere', async () => {
      const window = await startWindow();
      for (const link of ['muster://fleet?filter=a&x=b', 'muster://evil.example/', 'muster://run/..%2f..']) {
        electron.app.emit('second-instance', {}, ['muster', link]);
        electron.app.emit('open-url', { preventDefault: () => undefined }, link);
      }
      expect(urlOf(window)).toBe('muster-app://window/');
    });
  });

  describe('with several fleets', () => {
    let handlers: Map<string, ProfileHandlers>;
    const staging = () => join(home, 'profiles', 'staging');
    const url = (index: number) => electron.windows[index]?.webContents.mainFrame.url;

    async function startTwo(args: readonly string[] = []): Promise<void> {
      handlers = new Map();
      unwrap(await new ProfileBook(home).add({ name: 'staging' }));
      await start({
        args,
        openEngine(of, _keeper, _reports, profiles) {
          handlers.set(of, profiles);
          const named = { ...dispatcher, dispatch: () => Promise.resolve(ok(of)) };
          return Promise.resolve(ok({ dispatcher: named, lock: () => locks.push(of), close: () => Promise.resolve() }));
        },
      });
    }

    const homeBehind = (index: number) => {
      const sender = electron.windows[index]?.webContents;
      return electron.channels.get('muster:call')?.({ sender, senderFrame: sender?.mainFrame }, 'fleet.count', {});
    };

    it('each window has one for its life, and the other comes forward when it is switched to', async () => {
      await startTwo();
      const first = handlers.get(home);
      expect(await first?.['profiles.open']({ name: 'staging' })).toEqual(ok({ session: null }));
      expect(electron.windows).toHaveLength(2);
      expect(await Promise.all([homeBehind(0), homeBehind(1)])).toEqual([ok(home), ok(staging())]);
      await first?.['profiles.open']({ name: 'staging' });
      await handlers.get(staging())?.['profiles.open']({ name: 'default' });
      expect(electron.windows.map(({ calls }) => calls.filter((call) => call === 'focus').length)).toEqual([1, 1]);
      electron.windows[1]?.webContents.openWindow?.({ url: 'muster-app://window/#/history' });
      expect(await homeBehind(2)).toEqual(ok(staging()));
      electron.powerMonitor.emit('suspend');
      expect(locks).toEqual([home, staging()]);
    });

    it('a link may name one; one that is not there leads nowhere', async () => {
      await startTwo();
      electron.app.emit('second-instance', {}, ['muster', 'muster://node/web01?profile=staging']);
      await eventually(() => expect(url(1)).toBe('muster-app://window/#/fleet?node=web01'));
      expect(url(0)).toBe('muster-app://window/');
      electron.app.emit('second-instance', {}, ['muster', 'muster://node/web02?profile=gone']);
      await eventually(() => expect(electron.windows.some(({ calls }) => calls.includes('focus'))).toBe(true));
      expect([url(0), url(1)]).toEqual(['muster-app://window/', 'muster-app://window/#/fleet?node=web01']);
    });

    it('the first window is on the one that the first link names', async () => {
      await startTwo(['muster://fleet?profile=staging']);
      expect(await homeBehind(0)).toEqual(ok(staging()));
    });
  });

  describe('the commands of a window', () => {
    const menus = [{ title: 'Go to', commands: [{ id: 'go.fleet', title: 'Go to Fleet', isAvailable: true }] }];

    const tell = (window: BrowserWindowDouble, told: unknown, frame: object | null = window.webContents.mainFrame) =>
      electron.channels.get('muster:menu')?.({ sender: window.webContents, senderFrame: frame }, told);

    it('stand in the menu, and go back to the window', async () => {
      const window = await startWindow();
      tell(window, menus);
      const menu = electron.menus.at(-1) as { label?: string; submenu?: { click?: () => void }[] }[];
      expect(menu.map(({ label }) => label)).toContain('Go to');
      menu.find(({ label }) => label === 'Go to')?.submenu?.[0]?.click?.();
      expect(window.webContents.sent).toEqual([['muster:command', 'go.fleet']]);
    });

    it('are taken from our page alone, and only as they should be', async () => {
      const window = await startWindow();
      const before = electron.menus.length;
      tell(window, menus, { url: 'muster-app://window/' });
      tell(window, menus, null);
      for (const told of [null, 'x', [{ title: '', commands: [] }], [{ title: 'a', commands: [{ id: '../x' }] }]]) {
        tell(window, told);
      }
      expect(electron.menus).toHaveLength(before);
    });
  });

  it('locks when the computer sleeps, and when its screen is locked', async () => {
    await startWindow();
    expect(locks).toEqual([]);
    electron.powerMonitor.emit('suspend');
    electron.powerMonitor.emit('lock-screen');
    expect(locks).toEqual(['sleep', 'sleep']);
  });

  describe('a passphrase that is to be remembered', () => {
    /** What the engine is given to keep it with. */
    async function keeper(): Promise<PassphraseKeeper> {
      let given: PassphraseKeeper | undefined;
      await start({
        openEngine(_home, keeper) {
          given = keeper;
          return Promise.resolve(ok({ dispatcher, lock: () => undefined, close: () => Promise.resolve() }));
        },
      });
      if (given === undefined) throw new Error('The engine was not opened');
      return given;
    }
    const file = () => join(home, 'data', 'window', 'passphrase');

    it('lies encrypted in a file of its owner, until it is forgotten', async () => {
      const kept = await keeper();
      expect(kept.isAvailable).toBe(true);
      expect(await kept.load()).toBeNull();
      expect(await kept.keep('correct horse')).toMatchObject({ ok: true });
      const text = await readFile(file(), 'latin1');
      expect(text + Buffer.from(text, 'base64').toString('latin1')).not.toContain('horse');
      expect((await stat(file())).mode & 0o777).toBe(0o600);
      expect(await kept.load()).toBe('correct horse');
      await writeFile(file(), 'c29tZXRoaW5nIGVsc2U=');
      expect(await kept.load()).toBeNull();
      await kept.forget();
      await kept.forget();
      expect(await kept.load()).toBeNull();
    });

    it('is not kept where the desktop encrypts nothing', async () => {
      electron.state.canEncrypt = false;
      const kept = await keeper();
      expect(kept.isAvailable).toBe(false);
      expect(await kept.keep('correct horse')).toMatchObject({ error: { code: 'file.unwritable' } });
      expect(await kept.load()).toBeNull();
    });

    it.runIf(process.platform === 'linux')('is not kept where it would only be disguised', async () => {
      electron.state.backend = 'basic_text';
      expect((await keeper()).isAvailable).toBe(false);
    });
  });

  describe('saving reports', () => {
    async function reportHost(): Promise<ReportHost> {
      const { promise, resolve } = Promise.withResolvers<ReportHost>();
      await start({
        openEngine: (_home, _keeper, reports) => {
          resolve(reports);
          const close = () => Promise.resolve();
          return Promise.resolve(ok({ dispatcher, lock: () => undefined, close }));
        },
      });
      return promise;
    }

    it('asks where to in front of the window, and shows the file in its folder', async () => {
      const host = await reportHost();
      electron.state.savePath = '/home/alice/run.pdf';
      expect(await host.choosePlace?.('muster-run.pdf')).toBe('/home/alice/run.pdf');
      const [[window, options] = []] = electron.saveDialogs;
      expect(window).toBe(electron.windows[0]);
      expect(options).toMatchObject({ defaultPath: '/nowhere/muster-run.pdf' });
      expect(host.handOver({ file: '/home/alice/run.pdf', name: 'x', mediaType: 'application/pdf' })).toBeNull();
      expect(electron.shownFiles).toEqual(['/home/alice/run.pdf']);
    });

    it('takes it that a person has changed their mind', async () => {
      const host = await reportHost();
      expect(await host.choosePlace?.('muster-run.pdf')).toBeNull();
    });
  });

  describe('ending', () => {
    it('waits for the engine to close, once', async () => {
      const window = await startWindow();
      window.close();
      electron.app.quit();
      expect(electron.app.exitCode).toBeNull();
      await eventually(() => expect(electron.app.exitCode).toBe(0));
      expect(engineCloses).toBe(1);
    });

    it('ends even if the engine does not close cleanly', async () => {
      const close = () => Promise.reject(new Error('the disk is full'));
      await start({ openEngine: () => Promise.resolve(ok({ dispatcher, lock: () => undefined, close })) });
      electron.app.quit();
      await eventually(() => expect(electron.app.exitCode).toBe(0));
      expect(reports.join()).toContain('the disk is full');
    });

    it('says why it cannot start', async () => {
      const openEngine = () =>
        Promise.resolve(fail('home.missing', 'There is no console.yaml', { mend: 'Set MUSTER_HOME' }));
      expect(await start({ openEngine })).toBeUndefined();
      expect(electron.boxes).toEqual(['Muster cannot start: There is no console.yaml\n\nSet MUSTER_HOME']);
      expect(electron.app.exitCode).toBe(1);
    });
  });
});
