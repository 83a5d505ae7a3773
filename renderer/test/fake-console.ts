import { logSeverities, type EngineHandlers, type LogLine, type RetentionChoice } from '@muster/protocol/bridge';
import { ok } from '@muster/protocol/errors';

/** What a console has written of itself: the newest first. */
function fakeLines(nowMs: number): readonly LogLine[] {
  const line = (minutes: number, level: LogLine['level'], message: string, about: LogLine['about'] = {}): LogLine => ({
    ...{ level, message, about },
    atMs: nowMs - minutes * 60_000,
  });
  return [
    line(2, 'warn', 'A message was left out: its signature is not valid', { code: 'message.signature', node: 'web07' }),
    line(41, 'error', 'The broker does not answer', { code: 'bus.unreachable', url: 'amqps://broker.example.com' }),
    line(64, 'info', 'Connected'),
    line(1450, 'warn', 'The list of revocations is older than a week', { code: 'revocation.stale' }),
  ];
}

type ConsoleCalls = Extract<keyof EngineHandlers, `console.${string}`>;

/** The calls about the console itself. */
export function fakeConsole(nowMs: () => number): Pick<EngineHandlers, ConsoleCalls> {
  let retention: RetentionChoice = { keepDays: 90, evidence: true };
  return {
    'console.about': () =>
      Promise.resolve(
        ok({
          version: '0.1.0',
          home: '/home/alice/.config/muster',
          dataFolder: '/home/alice/.config/muster/data',
          brokerUrls: ['amqps://broker.example.com:5671'],
          proxy: null,
          runsOn: [{ name: 'Node.js', version: '24.9.0' }],
        }),
      ),
    'console.log': ({ level, search, limit }) => {
      const lines = fakeLines(nowMs()).filter(
        (line) =>
          logSeverities.indexOf(line.level) <= logSeverities.indexOf(level) &&
          JSON.stringify(line).toLowerCase().includes(search.toLowerCase()),
      );
      return Promise.resolve(ok({ lines: lines.slice(0, limit), isCut: lines.length > limit }));
    },
    'console.retention': () =>
      Promise.resolve(
        ok({
          ...retention,
          archive: '/home/alice/.config/muster/archive',
          runs: 1204,
          oldestMs: nowMs() - 88 * 86_400_000,
          databaseBytes: 48_300_000,
          archivedRuns: 3410,
          archiveBytes: 12_100_000,
        }),
      ),
    // Shorter than now moves some.
    'console.previewRetention': ({ keepDays }) =>
      Promise.resolve(ok({ runs: keepDays !== null && keepDays < (retention.keepDays ?? 1e9) ? 412 : 0 })),
    'console.changeRetention': (choice) => {
      retention = choice;
      return Promise.resolve(ok({}));
    },
  };
}
