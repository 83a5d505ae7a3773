import { expect, it } from 'vitest';
import { fail, faultFrom } from './fault.ts';

it('a fault has a message that can be shown, however much it quotes', () => {
  expect(fail('ddl.malformed', 'short').error.message).toBe('short');
  const { mend } = fail('ddl.malformed', 'x', { mend: 'y'.repeat(1e6) }).error;
  expect(mend).toHaveLength(2000);
  for (const { message } of [fail('ddl.malformed', 'x'.repeat(1e6)).error, faultFrom(new Error('x'.repeat(1e6)))]) {
    expect(message).toHaveLength(2000);
    expect(message).toMatch(/^x+…$/);
  }
});
