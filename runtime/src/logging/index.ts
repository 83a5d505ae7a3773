export { createLogger, logLevels, type LogDestination, type Logger, type LogLevel } from './logger.ts';
