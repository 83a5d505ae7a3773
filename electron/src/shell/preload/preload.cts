import { contextBridge, ipcRenderer } from 'electron';

// A sandboxed preload cannot load the contract, so the shell hands over the names that it lets through.
const prefix = '--muster-calls=';
const names = new Set(
  process.argv
    .find((argument) => argument.startsWith(prefix))
    ?.slice(prefix.length)
    .split(','),
);

contextBridge.exposeInMainWorld('muster', {
  setMenu: (menus: unknown): void => ipcRenderer.send('muster:menu', menus),
  onCommand: (listener: (id: string) => void): void => {
    ipcRenderer.on('muster:command', (_event, id: unknown) => {
      if (typeof id === 'string') listener(id);
    });
  },
  choosePath: (kind: unknown): Promise<unknown> => ipcRenderer.invoke('muster:choose', kind),
  call: (name: string, payload: unknown): Promise<unknown> =>
    names.has(name)
      ? ipcRenderer.invoke('muster:call', name, payload)
      : Promise.resolve({
          ok: false,
          error: { code: 'bridge.unknown_endpoint', message: `There is no call "${name}"` },
        }),
});
