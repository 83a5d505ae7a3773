import { describe, expect, it } from 'vitest';
import { fromFiles, questionOf, type TesterForm } from './tester-state.svelte.ts';

const form: TesterForm = {
  policy: 'allow\t*\t*\t*\t*\n',
  groups: '',
  settings: '',
  caller: 'bob',
  agent: 'shell',
  action: 'run',
  inputs: 'command=a=b\n\nuser = root',
  identity: 'web1',
};

describe('the policy tester', () => {
  it('asks with what was filled in', () => {
    expect(questionOf(form)).toEqual({
      files: { 'shell.policy': form.policy },
      caller: 'cert=bob',
      agent: 'shell',
      action: 'run',
      inputs: { command: 'a=b', user: ' root' },
      identity: 'web1',
    });
    expect(questionOf({ ...form, caller: 'cert=eve', groups: 'ops cert=eve' })).toMatchObject({
      caller: 'cert=eve',
      files: { groups: 'ops cert=eve' },
    });
  });

  it('takes from opened files what a node would read for the agent', () => {
    const files = new Map([
      ['service.policy', 'service'],
      ['shell.policy', 'shell'],
      ['groups', 'ops'],
      ['README', 'x'],
    ]);
    expect(fromFiles('shell', files)).toEqual({ policy: 'shell', groups: 'ops' });
    expect(fromFiles('', files)).toEqual({ policy: 'service', agent: 'service', groups: 'ops' });
    expect(fromFiles('x', new Map())).toEqual({});
  });
});
