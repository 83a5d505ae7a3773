import { readFile } from 'node:fs/promises';
import { compileFunction } from 'node:vm';
import { ModuleKind, transpileModule } from 'typescript';
import { beforeEach, describe, expect, it } from 'vitest';

interface Exposed {
  call(name: string, payload: unknown): Promise<unknown>;
  setMenu(menus: unknown): void;
  onCommand(listener: (id: string) => void): void;
  choosePath(kind: unknown): Promise<unknown>;
}

/** Runs the preload as a sandboxed one is run: as a CommonJS script that may require `electron` and nothing else. */
async function runPreload(electron: unknown, argv: readonly string[]): Promise<void> {
  const source = await readFile(new URL('./preload.cts', import.meta.url), 'utf8');
  const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS } });
  const require = (name: string): unknown => {
    if (name === 'electron') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const parameters = ['require', 'process', 'exports'];
  // A compiled function takes the parameters that it was compiled with.
  const run = compileFunction(outputText, parameters) as (...values: unknown[]) => void;
  run(require, { argv }, {});
}

describe('the preload', () => {
  const exposed = new Map<string, Exposed>();
  const invoked: unknown[][] = [];
  const listeners = new Map<string, (event: object, value: unknown) => void>();

  beforeEach(async () => {
    invoked.length = 0;
    const invoke = (...values: unknown[]) => {
      invoked.push(values);
      return Promise.resolve('answer');
    };
    const contextBridge = { exposeInMainWorld: (name: string, api: Exposed) => exposed.set(name, api) };
    await runPreload({ contextBridge, ipcRenderer: { invoke, send: invoke, on: listeners.set.bind(listeners) } }, [
      'electron',
      '--type=renderer',
      '--muster-calls=fleet.count,stream.pull',
    ]);
  });

  it('carries commands to the menu, and the one that was chosen back, without the event', () => {
    const chosen: unknown[][] = [];
    exposed.get('muster')?.setMenu(['menus']);
    exposed.get('muster')?.onCommand((...values: unknown[]) => chosen.push(values));
    listeners.get('muster:command')?.({ sender: 'secret' }, 'go.fleet');
    listeners.get('muster:command')?.({ sender: 'secret' }, { id: 'x' });
    expect([invoked, chosen]).toEqual([[['muster:menu', ['menus']]], [['go.fleet']]]);
  });

  it('asks the shell for a path', async () => {
    expect(await exposed.get('muster')?.choosePath('file')).toBe('answer');
    expect(invoked).toEqual([['muster:choose', 'file']]);
  });

  it('gives the window calls of the contract alone', async () => {
    expect([...exposed.keys()]).toEqual(['muster']);
    expect(Object.keys(exposed.get('muster') ?? {})).toEqual(['setMenu', 'onCommand', 'choosePath', 'call']);
    expect(await exposed.get('muster')?.call('fleet.count', { filter: '' })).toBe('answer');
    expect(invoked).toEqual([['muster:call', 'fleet.count', { filter: '' }]]);
  });

  it.each(['fleet.destroy', 'constructor', ''])('lets no call named %j through', async (name) => {
    const refused = await exposed.get('muster')?.call(name, {});
    expect(refused).toMatchObject({ ok: false, error: { code: 'bridge.unknown_endpoint' } });
    expect(invoked).toEqual([]);
  });
});
