import { logSeverities, type EngineHandlers, type LogLine } from '@muster/protocol/bridge';
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

/** The calls about the console itself. */
export const fakeConsole = (nowMs: () => number): Pick<EngineHandlers, 'console.about' | 'console.log'> => ({
  'console.about': () =>
    Promise.resolve(
      ok({
        version: '0.1.0',
        home: '/home/alice/.config/muster',
        dataFolder: '/home/alice/.config/muster/data',
        brokerUrls: ['amqps://broker.example.com:5671'],
        history: { keepMs: 90 * 86_400_000, evidence: true, archive: '/home/alice/.config/muster/archive' },
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
});
