import { readFile } from 'node:fs/promises';
import { compileFunction } from 'node:vm';
import { ModuleKind, transpileModule } from 'typescript';
import { beforeEach, describe, expect, it } from 'vitest';

interface Exposed {
  call(name: string, payload: unknown): Promise<unknown>;
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

  beforeEach(async () => {
    invoked.length = 0;
    const invoke = (...values: unknown[]) => {
      invoked.push(values);
      return Promise.resolve('answer');
    };
    const contextBridge = { exposeInMainWorld: (name: string, api: Exposed) => exposed.set(name, api) };
    await runPreload({ contextBridge, ipcRenderer: { invoke } }, [
      'electron',
      '--type=renderer',
      '--muster-calls=fleet.count,stream.pull',
    ]);
  });

  it('gives the window one function, for the calls of the contract alone', async () => {
    expect([...exposed.keys()]).toEqual(['muster']);
    expect(Object.keys(exposed.get('muster') ?? {})).toEqual(['call']);
    expect(await exposed.get('muster')?.call('fleet.count', { filter: '' })).toBe('answer');
    expect(invoked).toEqual([['muster:call', 'fleet.count', { filter: '' }]]);
  });

  it.each(['fleet.destroy', 'constructor', ''])('lets no call named %j through', async (name) => {
    const refused = await exposed.get('muster')?.call(name, {});
    expect(refused).toMatchObject({ ok: false, error: { code: 'bridge.unknown_endpoint' } });
    expect(invoked).toEqual([]);
  });
});
