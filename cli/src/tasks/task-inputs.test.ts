import { expect, it } from 'vitest';
import { readTask } from './metadata.ts';
import { apart } from './task-inputs.ts';

it('sensitive parameters go apart from the others', () => {
  const parameters = {
    name: { type: 'String' },
    password: { type: 'String', sensitive: true },
    token: { type: 'Optional[Sensitive[String]]' },
  };
  const task = readTask({ metadata: { parameters } });
  expect(apart(task, { name: 'x', password: 'y', token: 'z' })).toEqual({
    input: { name: 'x' },
    sensitive_input: { password: 'y', token: 'z' },
  });
  expect(apart(task, { name: 'x' })).toEqual({ input: { name: 'x' } });
  expect(apart(readTask({}), { name: 'x' })).toEqual({ input: { name: 'x' } });
});
