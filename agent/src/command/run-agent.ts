import { faultFrom, type Fault } from '@muster/protocol/errors';
import { createLogger, type Logger } from '@muster/runtime/logging';
import { loadConfiguration } from '../configuration/index.ts';
import { startAgent, type RunningAgent } from '../service/index.ts';
import { joinAsNode, joinedText, type JoinCommand } from './join.ts';
import { nextLogLevel, openLogFile, type LogFile } from './log-output.ts';

/** Exit codes of the agent. `duplicate`: another agent works in its state folder, or is connected under its identity. */
export const exitCodes = { stopped: 0, broken: 1, usage: 2, duplicate: 3 } as const;

const report = ({ code, message, mend }: Fault): void => {
  process.stderr.write(`${message}\n${mend === undefined ? '' : `${mend}\n`}(${code})\n`);
};

/** Says whether a configuration holds. Gives the exit code. */
export async function checkConfiguration(configFile: string): Promise<number> {
  const loaded = await loadConfiguration(configFile, Date.now);
  if (!loaded.ok) {
    report(loaded.error);
    return exitCodes.broken;
  }
  process.stdout.write(`ok: ${configFile} describes node ${loaded.value.settings.identity}\n`);
  return exitCodes.stopped;
}

/** Joins a fleet; SIGINT and SIGTERM give up the waiting. Gives the exit code. */
export async function join(command: JoinCommand): Promise<number> {
  const waiting = new AbortController();
  const giveUp = (): void => waiting.abort();
  process.on('SIGINT', giveUp).on('SIGTERM', giveUp);
  const joined = await joinAsNode(command, {
    say: (text) => process.stderr.write(text),
    signal: waiting.signal,
  });
  if (!joined.ok) {
    report(joined.error);
    return exitCodes.broken;
  }
  process.stdout.write(joinedText(joined.value));
  return exitCodes.stopped;
}

function onSignals(agent: RunningAgent, logger: Logger, logFile: LogFile | undefined): void {
  const follow = async (signal: NodeJS.Signals, action: () => unknown): Promise<void> => {
    try {
      await action();
    } catch (thrown) {
      const { message: reason } = faultFrom(thrown);
      logger.error({ event: 'signal.failed', signal, reason }, 'a signal could not be followed');
    }
  };
  const act = (signal: NodeJS.Signals, action: () => unknown): void => {
    process.on(signal, () => void follow(signal, action));
  };
  act('SIGTERM', () => agent.stop());
  act('SIGINT', () => agent.stop());
  act('SIGUSR1', () => agent.reload());
  act('SIGUSR2', () => nextLogLevel(logger));
  act('SIGHUP', () => logFile?.reopen());
}

/** Runs the agent until it is stopped. Gives the exit code. */
export async function runAgent(configFile: string): Promise<number> {
  const loaded = await loadConfiguration(configFile, Date.now);
  if (!loaded.ok) {
    report(loaded.error);
    return exitCodes.broken;
  }
  const { level, file } = loaded.value.settings.log;
  const logFile = file === undefined ? undefined : openLogFile(file);
  const logger = createLogger({ name: 'muster-agent', level, destination: logFile ?? process.stdout });
  const started = await startAgent({ configFile, logger });
  if (!started.ok) {
    report(started.error);
    return started.error.code === 'home.in_use' ? exitCodes.duplicate : exitCodes.broken;
  }
  const agent = started.value;
  const stopped = new Promise<number>((resolve) => {
    onSignals({ ...agent, stop: () => agent.stop().then(() => resolve(exitCodes.stopped)) }, logger, logFile);
  });
  const refused = new Promise<number>((resolve) => {
    void agent.ready.then(async (ready) => {
      if (ready.ok || ready.error.code !== 'identity.duplicate') return;
      logger.fatal(
        { event: ready.error.code, identity: agent.identity },
        `${ready.error.message}. ${ready.error.mend ?? ''}`,
      );
      report(ready.error);
      await agent.stop();
      resolve(exitCodes.duplicate);
    });
  });
  return Promise.race([stopped, refused]);
}
