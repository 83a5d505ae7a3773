import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

it('writes JSON lines and never a secret', () => {
  const lines: string[] = [];
  const logger = createLogger({ name: 'agent', level: 'info', destination: { write: (line) => lines.push(line) } });
  logger.info({ identity: 'web01', broker: { password: 'hunter2' }, request: { inputs: { pin: 1234 } } }, 'connected');
  logger.debug('not at this level');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    name: 'agent',
    msg: 'connected',
    identity: 'web01',
    broker: { password: '(secret)' },
  });
  expect(lines[0]).not.toMatch(/hunter2|1234/);
});
