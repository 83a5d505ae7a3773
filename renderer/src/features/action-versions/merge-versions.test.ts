import { agentDdlSchema } from '@muster/protocol/ddl';
import { expect, it } from 'vitest';
import { mergeVersions } from './merge-versions.ts';

const input = (more = {}) =>
  ({ type: 'string', prompt: '', description: '', validation: '.', maxlength: 9, ...more }) as const;
const ddl = (version: string, inputs: Record<string, ReturnType<typeof input>>, action = 'restart') =>
  agentDdlSchema.parse({
    kind: 'agent',
    name: 'service',
    description: '',
    author: '',
    license: '',
    version,
    url: '',
    timeout: 1,
    actions: [{ name: action, description: '', effect: 'write', inputs }],
  });

it('marks what only some versions know, and asks for nothing that the majority does not need', () => {
  const merged = mergeVersions(
    [
      { ddl: ddl('1.0', { service: input(), old: input(), token: input() }), nodes: 23 },
      { ddl: ddl('1.1', { service: input(), drain: input(), token: input({ sensitive: true }) }), nodes: 2 },
      { ddl: ddl('0.9', {}, 'stop'), nodes: 4 },
    ],
    'restart',
  );
  expect(merged?.agent.version).toBe('1.0');
  expect([...(merged?.partial ?? [])]).toEqual([
    ['old', { versions: ['1.0'], nodes: 23 }],
    ['drain', { versions: ['1.1'], nodes: 2 }],
  ]);
  expect(merged?.action.inputs['drain']?.optional).toBe(true);
  expect(merged?.action.inputs['old']?.optional).toBe(false);
  expect(merged?.action.inputs['token']?.sensitive).toBe(true);
  expect(merged?.lacking).toEqual({ versions: ['0.9'], nodes: 4 });
});

it('knows nothing of an action that no version has', () => {
  expect(mergeVersions([{ ddl: ddl('1.0', {}), nodes: 1 }], 'explode')).toBeNull();
});
