import { actionSchema } from '@muster/protocol/ddl';
import { describe, expect, it } from 'vitest';
import { commandLine, shellWord } from './command-line.ts';

const secret = { type: 'string', prompt: '', description: '', validation: '.', maxlength: 9, sensitive: true } as const;
const action = actionSchema.parse({
  name: 'set',
  description: '',
  effect: 'write',
  inputs: { token: secret, pin: { ...secret, optional: true }, key: { ...secret, optional: true } },
});
const base = { agent: 'thing', action, inputs: {}, timeoutSeconds: null };

describe('commandLine', () => {
  it('quotes for the shell and hides secrets', () =>
    expect(
      commandLine({
        ...base,
        inputs: { text: "it's $HOME", list: [1], token: 'hunter2' },
        target: { kind: 'filter', filter: 'os.name=Debian and role=web' },
        timeoutSeconds: 30,
      }),
    ).toBe(`muster rpc thing set 'text=it'\\''s $HOME' 'list=[1]' -S 'os.name=Debian and role=web' --timeout 30`));

  it('writes every type as the command reads it', () =>
    expect(
      commandLine({
        ...base,
        inputs: { file: '@home', no: false, n: 1.5, hash: { a: "it's" }, empty: '' },
        target: { kind: 'filter', filter: '' },
      }),
    ).toBe(String.raw`muster rpc thing set file=@@home no=false n=1.5 'hash={"a":"it'\''s"}' empty=`));

  it('takes secrets from elsewhere', () =>
    expect(
      commandLine({ ...base, inputs: { token: 'x', pin: 'y', key: 'z' }, target: { kind: 'filter', filter: '' } }),
    ).toBe('muster rpc thing set pin=@- key=@FILE'));

  it('names few nodes and points to a file for many', () => {
    expect(commandLine({ ...base, target: { kind: 'nodes', identities: ['a', 'b'] } })).toBe(
      'muster rpc thing set -I a -I b',
    );
    const many = Array.from({ length: 9 }, (_, index) => `n${index}`);
    expect(commandLine({ ...base, target: { kind: 'nodes', identities: many } })).toBe(
      'muster rpc thing set --nodes nodes.txt',
    );
  });
});

it('shellWord leaves plain words alone', () => expect(shellWord('web1.example.com')).toBe('web1.example.com'));
