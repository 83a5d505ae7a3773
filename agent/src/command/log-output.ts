import { closeSync, openSync, writeSync } from 'node:fs';
import { logLevels, type LogDestination, type Logger } from '@muster/runtime/logging';

/** A log file that can be opened again after it was moved away. */
export interface LogFile extends LogDestination {
  reopen(): void;
}

/** Opens a file for lines of log, readable by its owner and group. Throws when it cannot be opened. */
export function openLogFile(path: string): LogFile {
  const open = (): number => openSync(path, 'a', 0o640);
  let descriptor = open();
  return {
    write: (line) => writeSync(descriptor, line),
    reopen() {
      const next = open();
      closeSync(descriptor);
      descriptor = next;
    },
  };
}

/** Moves on to the next level: from `fatal` down to `trace`, and round again. */
export function nextLogLevel(logger: Logger): void {
  const index = logLevels.findIndex((level) => level === logger.level);
  const level = logLevels[(index + 1) % logLevels.length] ?? 'info';
  logger.level = level;
  logger[level]({ event: 'log.level', level }, `the log level is now ${level}`);
}
