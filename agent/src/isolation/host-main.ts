import type { ModuleLog } from '../api/index.ts';
import type { FromHost, ToHost } from './messages.ts';
import { performTask } from './perform-task.ts';

// A host process: carries out one task after another for the agent that started it, and ends with it.

const tell = (message: FromHost): void => {
  // Without the agent there is nobody to tell, and `disconnect` ends us.
  if (process.connected) process.send?.(message);
};

const logAt =
  (level: keyof ModuleLog) =>
  (message: string): void => {
    tell({ type: 'log', level, message: message.slice(0, 4096) });
  };
const log: ModuleLog = { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };

let underWay: AbortController | undefined;

const stop = (): void => {
  underWay?.abort(new Error('The action was ended'));
};

process.on('message', (message: ToHost) => {
  if (message.type === 'abort') {
    stop();
    return;
  }
  const controller = new AbortController();
  underWay = controller;
  void performTask(message.task, log, controller.signal).then((end) => {
    underWay = undefined;
    tell({ type: 'end', end, rssBytes: process.memoryUsage.rss() });
  });
});

/** How long commands have to end after the agent has gone, in milliseconds. */
const lastMomentsMs = 3_000;

process.on('disconnect', () => {
  stop();
  setTimeout(() => process.exit(0), underWay === undefined ? 0 : lastMomentsMs);
});

tell({ type: 'ready' });
