import { pino, type Logger as PinoLogger } from 'pino';

/** Structured logging: JSON lines with `level`, `time` (ISO 8601), `name`, `msg` and what the event is about. */
export type Logger = PinoLogger;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Whatever has such a name is never written, however deep a caller nests it by mistake. */
const secretNames = ['password', 'passphrase', 'key', 'keyPem', 'token', 'secret', 'inputs'];

/** Where lines go: a stream, such as standard error or a log file. */
export interface LogDestination {
  write(line: string): unknown;
}

export function createLogger(options: {
  name: string;
  level: LogLevel | 'silent';
  destination: LogDestination;
}): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '(secret)' },
    },
    { write: (line) => void options.destination.write(line) },
  );
}
