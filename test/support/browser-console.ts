import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../electron/dist/browser-host/main.js', import.meta.url));

/** A running browser host on a home. */
export interface BrowserConsole {
  /** The link that it printed, good for one tab. */
  readonly url: string;
  /** Ends it as a service manager would; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts the built browser host on a home, or on the present profile of a configuration folder, as `npm run console` does. Rejects with what it
 * said when it ends before it prints its link.
 */
export async function startConsole(on: string | { readonly configFolder: string }): Promise<BrowserConsole> {
  const args = typeof on === 'string' ? ['--home', on] : [];
  // Whoever runs the tests may have fleets.
  const configFolder = typeof on === 'string' ? join(on, 'no profiles') : on.configFolder;
  const env = { ...process.env, XDG_CONFIG_HOME: configFolder, MUSTER_HOME: '', MUSTER_PROFILE: '' };
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const exited = once(child, 'exit');
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve)),
    exited.then(() => Promise.reject(new Error(`The console ended before it was ready: ${complaints}`))),
  ]);
  const { url } = JSON.parse(line) as { url: string }; // the one line that the browser host prints
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}
