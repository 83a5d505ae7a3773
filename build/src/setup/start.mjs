// Entry of every npm script: `node start.mjs COMMAND [ARGUMENTS]`. Runs on the Node that the machine has (20 or newer)
// and before any package is installed, hence plain JavaScript without dependencies. It says what it does on standard
// error, and nothing when nothing has to be done.
import { ensureBuild } from './build.mjs';
import { commands } from './commands.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { SetupError } from './setup-error.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { runCommand } from './run-command.mjs';
import { ensureSystemPrograms } from './system-programs.mjs';

async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) {
    throw new SetupError(`There is no command "${name}". There are: ${Object.keys(commands).join(', ')}`, 2);
  }
  await withSetupLock(async () => {
    await ensureSystemPrograms(command.programs);
    await ensureNodePackages();
    await ensureBuild({ window: command.window });
  });
  return command.run === null ? 0 : runCommand([...command.run, ...args]);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  if (process.argv[2] === 'test') process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = error.exitCode;
}
