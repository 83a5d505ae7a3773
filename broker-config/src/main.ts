import { generateCommand, syncCommand, type Command } from './command/index.ts';

const commands: ReadonlyMap<string, Command> = new Map([
  ['generate', generateCommand],
  ['sync', syncCommand],
]);
const usage = [...commands.values()].map((command) => command.usage).join('\n');

const [name = '', ...args] = process.argv.slice(2);
const command = commands.get(name);
if ([name, ...args].some((argument) => argument === '--help' || argument === '-h')) {
  process.stdout.write(command?.usage ?? usage);
} else {
  try {
    if (command === undefined) throw new Error('The commands are "generate" and "sync"');
    process.exitCode = await command.run(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${command?.usage ?? usage}`);
    process.exitCode = 2;
  }
}
