import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../support/agent/agent-bench.ts';
import { createPuppetHome, type PuppetHome } from '../../support/puppet/puppet-home.ts';

const node = 'web1.example.com';
let puppet: PuppetHome;
let bench: AgentBench;

const ask = (action: string, inputs: Readonly<Record<string, string>>) =>
  bench.asker.ask(node, { agent: 'puppetral', action, inputs });

beforeAll(async () => {
  puppet = await createPuppetHome();
  bench = await createAgentBench();
  // A type of a site's own, some of whose instances are not easily written in YAML.
  const types = puppet.at('modules', 'trial', 'lib', 'puppet');
  await mkdir(`${types}/type`, { recursive: true });
  await mkdir(`${types}/provider/trial`, { recursive: true });
  await writeFile(
    `${types}/type/trial.rb`,
    `Puppet::Type.newtype(:trial) do
      newparam(:name, namevar: true)
      newproperty(:ensure)
      newproperty(:content)
      newproperty(:api_token)
    end\n`,
  );
  await writeFile(
    `${types}/provider/trial/ruby.rb`,
    `Puppet::Type.type(:trial).provide(:ruby) do
      mk_resource_methods
      def self.instances
        same = ['a', 'b']
        [new(name: 'one', ensure: :present, content: same, api_token: 'hunter2'),
         new(name: "it's: #2", ensure: :present, content: "two\\n- lines"),
         new(name: 'my::three', ensure: :present, content: same)]
      end
      def self.prefetch(resources); end
    end\n`,
  );
  const settings = { ...puppet.places, modulepath: puppet.at('modules') };
  await bench.start(node, { pluginSettings: { puppet: JSON.stringify(settings) } });
});
afterAll(async () => {
  await bench.close();
  await puppet.remove();
});

describe('puppetral find', () => {
  it('tells how a file is, and changes nothing', async () => {
    const file = puppet.at('a file');
    await writeFile(file, 'text');
    await chmod(file, 0o640);
    const { mtimeMs, ctimeMs } = await stat(file);
    expect(await ask('find', { type: 'FILE', title: file })).toMatchObject({
      outcome: 'ok',
      data: {
        type: 'File',
        title: file,
        managed: false,
        exported: false,
        tags: ['file'],
        parameters: { ensure: 'file', mode: '0640', owner: userInfo().uid },
      },
    });
    expect(await stat(file)).toMatchObject({ mtimeMs, ctimeMs });
  });

  it('says whether Puppet manages it', async () => {
    const file = puppet.at('a file');
    await writeFile(puppet.at('var', 'state', 'resources.txt'), `file[${file.toLowerCase()}]\nuser[root]\n`);
    expect(await ask('find', { type: 'file', title: file })).toMatchObject({ data: { managed: true } });
  });

  it("tells of a user what the machine's own files say, but no password", async () => {
    const [, , uid, gid, , home, shell] =
      /^root:.*$/m.exec(await readFile('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
    const { data } = await ask('find', { type: 'user', title: 'root' });
    expect(data).toMatchObject({
      type: 'User',
      managed: true,
      tags: ['user', 'root'],
      parameters: { ensure: 'present', uid: Number(uid), gid: Number(gid), home, shell },
    });
    // Only root is told of passwords.
    const { parameters } = data as { parameters: Record<string, unknown> };
    expect(parameters['password'] ?? '[redacted]').toBe('[redacted]');
    if (process.getuid?.() === 0) expect(parameters['password_max_age']).toEqual(expect.any(Number));
  });

  it('says that what is not there is absent', async () => {
    expect(await ask('find', { type: 'user', title: 'no such = user' })).toMatchObject({
      outcome: 'ok',
      data: { title: 'no such = user', managed: false, tags: ['user'], parameters: { ensure: 'absent' } },
    });
  });

  it('fails with the words of Puppet', async () => {
    expect(await ask('find', { type: 'nosuch', title: 'x' })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: 'Could not find type nosuch',
    });
    expect(await ask('find', { type: 'file', title: 'not/absolute' })).toMatchObject({
      statusCode: 1,
      statusMessage: expect.stringContaining("File paths must be fully qualified, not 'not/absolute'") as string,
    });
  });

  it.each([
    { type: '../type/file', title: 'x' },
    { type: '--edit', title: 'x' },
    { type: 'file', title: '--edit' },
    { type: 'file', title: 'a\nb' },
    { type: 'file', title: 'x'.repeat(91) },
  ])('takes no %j', async (inputs) => {
    expect(await ask('find', inputs)).toMatchObject({ outcome: 'invalid' });
  });
});

describe('puppetral search', () => {
  it('tells of all users', async () => {
    const { outcome, data } = await ask('search', { type: 'user' });
    expect(outcome).toBe('ok');
    const names = (await readFile('/etc/passwd', 'utf8')).split('\n').flatMap((line) => line.split(':', 1));
    const found = data['result'] as { title: string; parameters: Record<string, unknown> }[];
    expect(found.map(({ title }) => title).sort()).toEqual([...new Set(names)].filter((name) => name !== '').sort());
    expect(new Set(found.map(({ parameters }) => parameters['password'] ?? '[redacted]'))).toEqual(
      new Set(['[redacted]']),
    );
  });

  it('reads titles and values of every form, and hides what its name says is secret', async () => {
    const { data } = await ask('search', { type: 'trial' });
    const usual = { type: 'Trial', managed: false, exported: false };
    expect(data['result']).toEqual([
      {
        ...usual,
        title: "it's: #2",
        tags: ['trial'],
        parameters: { ensure: 'present', content: 'two\n- lines', provider: 'ruby' },
      },
      {
        ...usual,
        title: 'my::three',
        tags: ['trial', 'my::three', 'my', 'three'],
        parameters: { ensure: 'present', content: ['a', 'b'], provider: 'ruby' },
      },
      {
        ...usual,
        title: 'one',
        tags: ['trial', 'one'],
        parameters: { ensure: 'present', content: ['a', 'b'], api_token: '[redacted]', provider: 'ruby' },
      },
    ]);
  });

  it('fails with the words of Puppet', async () => {
    expect(await ask('search', { type: 'file' })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: expect.stringMatching(/^Listing all file instances is not supported/) as string,
    });
    expect(await ask('search', { type: 'nosuch' })).toMatchObject({ statusMessage: 'Could not find type nosuch' });
  });
});
