import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Starts the built browser host on a home, as `npm run console` does. Rejects with what it said when it ends before it prints its link. */
export async function startConsole(home: string): Promise<BrowserConsole> {
  const child = spawn(process.execPath, [program, '--home', home], { stdio: ['ignore', 'pipe', 'pipe'] });
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
