import { EventEmitter } from 'node:events';

/* What the shell uses of the `electron` module, with the events and refusals of the real one and nothing behind it. */

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface FrameDouble {
  url: string;
}

let nextContentsId = 1;

export class WebContentsDouble extends EventEmitter {
  readonly id = nextContentsId++;
  readonly mainFrame: FrameDouble = { url: '' };
  readonly sent: unknown[][] = [];
  openWindow: ((details: { url: string }) => { action: string }) | null = null;

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openWindow = handler;
  }

  send = (...values: unknown[]) => this.sent.push(values);
  isDestroyed = () => false;

  /** Emits an event that can be prevented; tells whether it was. */
  attempt(name: string, details: object = {}): boolean {
    return attempt(this, name, details);
  }
}

export class BrowserWindowDouble extends EventEmitter {
  readonly webContents = new WebContentsDouble();
  readonly calls: string[] = [];
  minimized = false;
  maximized = false;
  bounds: Rectangle = { x: 10, y: 20, width: 1000, height: 700 };
  readonly options: Readonly<Record<string, unknown>>;

  constructor(options: Readonly<Record<string, unknown>>) {
    super();
    this.options = options;
  }

  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url;
    return Promise.resolve();
  }
  show = () => this.calls.push('show');
  focus = () => this.calls.push('focus');
  restore = () => this.calls.push('restore');
  reload = () => this.calls.push('reload');
  maximize = () => {
    this.maximized = true;
  };
  isMaximized = () => this.maximized;
  isMinimized = () => this.minimized;
  isDestroyed = () => this.calls.includes('destroy');
  getNormalBounds = () => this.bounds;

  destroy(): void {
    this.calls.push('destroy');
    this.webContents.emit('destroyed');
    this.emit('closed');
  }

  /** As when a person closes it. */
  close(): void {
    this.emit('close');
    this.destroy();
  }
}

class AppDouble extends EventEmitter {
  readonly calls: string[] = [];
  readonly paths: Record<string, string> = {};
  isFirstInstance = true;
  isReady = false;
  exitCode: number | null = null;
  #becomeReady: () => void = () => undefined;
  readonly #ready = new Promise<void>((resolve) => {
    this.#becomeReady = resolve;
  });

  whenReady = () => this.#ready;
  ready(): void {
    this.isReady = true;
    this.#becomeReady();
  }
  requestSingleInstanceLock = () => this.isFirstInstance;
  setAsDefaultProtocolClient = (scheme: string) => this.calls.push(`setAsDefaultProtocolClient ${scheme}`);
  enableSandbox = () => this.calls.push('enableSandbox');
  setPath = (name: string, path: string) => {
    this.paths[name] = path;
  };
  getPath = (name: string) => this.paths[name] ?? '/nowhere';
  exit = (code: number) => {
    this.exitCode = code;
  };

  /** Ends unless a listener of `will-quit` holds it back. */
  quit(): void {
    this.calls.push('quit');
    if (!attempt(this, 'will-quit')) this.exitCode ??= 0;
  }
}

/** Emits an event that can be prevented; tells whether it was. */
function attempt(emitter: EventEmitter, name: string, details: object = {}): boolean {
  const event = { isPrevented: false, preventDefault: () => void (event.isPrevented = true), ...details };
  emitter.emit(name, event);
  return event.isPrevented;
}

type PermissionHandler = (contents: object, permission: string, decide: (granted: boolean) => void) => unknown;
type Handler = (event: object, ...values: unknown[]) => unknown;

/** A fresh `electron` module, to be given to `vi.doMock`, and what a test looks at. */
export function createElectronDouble() {
  const app = new AppDouble();
  const schemes: { scheme: string; privileges: Readonly<Record<string, boolean>> }[] = [];
  const served = new Map<string, (request: Request) => Response>();
  const channels = new Map<string, Handler>();
  const permissions = new Map<string, PermissionHandler>();
  const boxes: string[] = [];
  const windows: BrowserWindowDouble[] = [];
  const menus: unknown[] = [];
  /** What was asked for with dialogs to save. */
  const saveDialogs: unknown[][] = [];
  /** What was asked for with dialogs to open. */
  const openDialogs: unknown[][] = [];
  const shownFiles: string[] = [];
  const powerMonitor = new EventEmitter();
  const state = {
    canEncrypt: true,
    backend: 'gnome_libsecret',
    boxAnswer: 0,
    /** Where a person saves; null when nowhere. */
    savePath: null as string | null,
    /** What a person opens; null when nothing. */
    openPath: null as string | null,
    workArea: { x: 0, y: 0, width: 1920, height: 1080 },
  };

  const needsReady = () => {
    if (!app.isReady) throw new Error('This cannot be used before the app is ready');
  };
  const module = {
    app,
    BrowserWindow: class extends BrowserWindowDouble {
      static fromWebContents = (contents: unknown) =>
        windows.find(({ webContents }) => webContents === contents) ?? null;
      static getFocusedWindow = () => windows.find((window) => window.calls.at(-1) === 'focus') ?? null;
      constructor(options: Readonly<Record<string, unknown>>) {
        needsReady();
        super(options);
        windows.push(this);
        app.emit('web-contents-created', {}, this.webContents);
      }
    },
    dialog: {
      showErrorBox: (title: string, content: string) => boxes.push(`${title}: ${content}`),
      showMessageBox: (_window: object, { message }: { message: string }) => {
        boxes.push(message);
        return Promise.resolve({ response: state.boxAnswer });
      },
      showSaveDialog(...values: unknown[]) {
        needsReady();
        saveDialogs.push(values);
        const filePath = state.savePath ?? '';
        return Promise.resolve({ canceled: state.savePath === null, filePath });
      },
      showOpenDialog(...values: unknown[]) {
        needsReady();
        openDialogs.push(values);
        const filePaths = state.openPath === null ? [] : [state.openPath];
        return Promise.resolve({ canceled: state.openPath === null, filePaths });
      },
    },
    ipcMain: {
      handle: (channel: string, handler: Handler) => channels.set(channel, handler),
      on: (channel: string, handler: Handler) => channels.set(channel, handler),
    },
    Menu: {
      buildFromTemplate: (template: unknown) => template,
      setApplicationMenu: (menu: unknown) => menus.push(menu),
    },
    protocol: {
      registerSchemesAsPrivileged: (declared: typeof schemes) => {
        if (app.isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
        schemes.push(...declared);
      },
      handle: (scheme: string, handler: (request: Request) => Response) => {
        needsReady();
        served.set(scheme, handler);
      },
    },
    powerMonitor,
    shell: { showItemInFolder: (file: string) => shownFiles.push(file) },
    // Not secret at all, but neither is it what was given.
    safeStorage: {
      isAsyncEncryptionAvailable() {
        needsReady();
        return Promise.resolve(state.canEncrypt);
      },
      getSelectedStorageBackend: () => state.backend,
      encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(`sealed ${text}`).map((byte) => byte ^ 0x55)),
      decryptStringAsync(bytes: Buffer) {
        const text = bytes.map((byte) => byte ^ 0x55).toString();
        if (!text.startsWith('sealed ')) return Promise.reject(new Error('Error while decrypting the ciphertext'));
        return Promise.resolve({ result: text.slice('sealed '.length), shouldReEncrypt: false });
      },
    },
    screen: {
      getAllDisplays: () => {
        needsReady();
        return [{ workArea: state.workArea }];
      },
    },
    session: {
      get defaultSession() {
        needsReady();
        return {
          setPermissionRequestHandler: (handler: PermissionHandler) => permissions.set('request', handler),
          setPermissionCheckHandler: (handler: PermissionHandler) => permissions.set('check', handler),
          setDevicePermissionHandler: (handler: PermissionHandler) => permissions.set('device', handler),
        };
      },
    },
  };
  return {
    module,
    app,
    powerMonitor,
    schemes,
    served,
    channels,
    permissions,
    boxes,
    windows,
    menus,
    saveDialogs,
    openDialogs,
    shownFiles,
    state,
  };
}

export type ElectronDouble = ReturnType<typeof createElectronDouble>;
