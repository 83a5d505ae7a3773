import { spawn } from 'node:child_process';
import { checkout } from './checkout.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a program of the set-up and keeps what it says to itself unless it fails.
 *
 * @param {string} title what is going on, for a person
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} env in addition to ours
 */
export async function quietRun(title, program, args, env = {}) {
  process.stderr.write(`${title} …\n`);
  const child = spawn(program, args, {
    cwd: checkout,
    // `npm --silent run …` would silence the errors of an npm inside of it, too.
    env: { ...process.env, npm_config_loglevel: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {Buffer[]} */
  const said = [];
  child.stdout.on('data', (chunk) => said.push(chunk));
  child.stderr.on('data', (chunk) => said.push(chunk));
  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `exit ${signal ?? code}`));
  });
  if (ended === '') return;
  throw new SetupError(`${Buffer.concat(said).toString()}\n${title}: ${program} ${args.join(' ')} failed: ${ended}`);
}
