import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { inCheckout, projectNode } from './checkout.mjs';

/**
 * Runs the real command on the project's Node, hands signals on to it, and resolves to its exit code.
 *
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function runCommand(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(projectNode, args, {
      stdio: 'inherit',
      env: { ...process.env, PATH: `${inCheckout('node_modules', '.bin')}:${process.env.PATH ?? ''}` },
    });
    for (const name of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(name, () => child.kill(name));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]));
  });
}
