import { helpText, readCommandLine } from './command/options.ts';
import { checkConfiguration, exitCodes, join, runAgent } from './command/run-agent.ts';
import { agentVersion } from './version.ts';

async function main(): Promise<number> {
  const commandLine = readCommandLine(process.argv.slice(2));
  switch (commandLine.kind) {
    case 'help':
      process.stdout.write(helpText);
      return exitCodes.stopped;
    case 'version':
      process.stdout.write(`${agentVersion}\n`);
      return exitCodes.stopped;
    case 'wrong':
      process.stderr.write(`${commandLine.message}\n\n${helpText}`);
      return exitCodes.usage;
    case 'check':
      return checkConfiguration(commandLine.configFile);
    case 'join':
      return join(commandLine);
    case 'run':
      return runAgent(commandLine.configFile);
  }
}

// Without a listener Node opens a debugger's port on this signal. What it means to the agent is decided once it runs.
process.on('SIGUSR1', () => undefined);
process.exitCode = await main();
