import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHome, type TestHome } from '../../../test/support/agent/test-home.ts';
import { isSecretItem, loadConfiguration, publicSettings } from './index.ts';

let home: TestHome;

beforeAll(async () => {
  home = await createTestHome();
});
afterAll(() => home.remove());

const load = (file: string) => loadConfiguration(file, Date.now);

/** Has a node known to its broker by name and password. */
async function addAccount(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('broker:\n', 'broker:\n  username: muster-node\n  password_file: password\n'));
  await writeFile(join(dirname(file), 'password'), 'very secret\n', { mode: 0o600 });
}

describe('a configuration', () => {
  it('has defaults, and paths that are absolute', async () => {
    const file = await home.addNode('web1');
    const loaded = await load(file);
    const folder = dirname(file);
    expect(loaded).toMatchObject({
      ok: true,
      value: {
        file,
        settings: {
          identity: 'web1',
          collectives: ['muster'],
          trust: { ca: join(folder, 'ca.pem'), key: join(folder, 'node.key') },
          facts: {
            builtin: false,
            refresh: 300,
            files: [join(folder, 'facts.yaml')],
            directory: join(folder, 'facts.d'),
          },
          classes_file: join(folder, 'classes.txt'),
          state: join(folder, 'state'),
          log: { level: 'info' },
          registration: { interval: 300, splay: true },
          limits: { concurrent_actions: 16, waiting_requests: 100, stop_grace: 10 },
        },
        credentials: { broker: { connectionName: 'muster-agent web1' } },
      },
    });
  });

  it.each([
    ['registration: { intervall: 60 }', 7, /unknown setting "registration\.intervall"/, /spelling/],
    ['colectives: [muster]', 7, /unknown setting "colectives"/, /spelling/],
    ['log: { level: loud }', 7, /"log\.level": /, /Correct the value of "log\.level"/],
    ['limits:\n  concurrent_actions: 0', 8, /"limits\.concurrent_actions": /, /Correct/],
    ['collectives: ["a b"]', 7, /"collectives\.0": use 1 to 64 letters/, /Correct/],
    ['collectives: [muster', 7, /./, /YAML/],
    ['identity: twice', 7, /unique/, /YAML/],
  ])('that is broken (%s) is refused with file, line and mend', async (yaml, line, message, mend) => {
    const file = await home.addNode('web2', { yaml, policies: {} });
    const loaded = await load(file);
    const error = loaded.ok ? undefined : loaded.error;
    expect(error?.message).toMatch(message);
    expect(error?.message.startsWith(`${file}:`)).toBe(true);
    const found = Number(/:(\d+): /.exec(error?.message ?? '')?.[1]);
    expect(Math.abs(found - line), error?.message).toBeLessThanOrEqual(1);
    expect(error?.mend).toMatch(mend);
  });

  it('that is missing is refused', async () => {
    expect(await load('/nowhere/agent.yaml')).toMatchObject({ ok: false, error: { code: 'config.unreadable' } });
  });

  it('may name an account of the broker, with both name and password', async () => {
    const file = await home.addNode('web8');
    await addAccount(file);
    expect(await load(file)).toMatchObject({
      ok: true,
      value: { credentials: { broker: { account: { username: 'muster-node', password: 'very secret' } } } },
    });
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^ {2}password_file.*\n/m, ''));
    expect(await load(file)).toMatchObject({
      ok: false,
      error: { code: 'config.invalid', message: expect.stringMatching(/belong together/) as string },
    });
  });

  it.each(['node.key', 'password'])('whose %s others may read is refused', async (secret) => {
    const file = await home.addNode('web3');
    await addAccount(file);
    await chmod(join(dirname(file), secret), 0o644);
    expect(await load(file)).toMatchObject({
      ok: false,
      error: { code: 'config.invalid', mend: expect.stringMatching(/chmod 600/) as string },
    });
  });

  it("with another node's certificate is refused, naming both", async () => {
    const file = await home.addNode('web4');
    const other = dirname(await home.addNode('web5'));
    for (const name of ['node.pem', 'node.key']) await copyFile(join(other, name), join(dirname(file), name));
    const loaded = await load(file);
    expect(loaded).toMatchObject({ ok: false, error: { code: 'sender.mismatch' } });
    expect(loaded.ok ? '' : loaded.error.message).toMatch(/is not the certificate of node "web4" but of node "web5"$/);
  });

  it('with a certificate of another authority, or one that is over, is refused', async () => {
    const file = await home.addNode('web6');
    expect(await loadConfiguration(file, () => Date.now() + 10 * 24 * 3600 * 1000)).toMatchObject({
      ok: false,
      error: { code: 'certificate.expired' },
    });
    const stranger = await createTestHome();
    await writeFile(join(dirname(file), 'ca.pem'), stranger.authority.certificatePem);
    await stranger.remove();
    expect(await load(file)).toMatchObject({ ok: false, error: { code: 'certificate.untrusted' } });
  });
});

describe('public settings', () => {
  it('hold no secrets, nor the way to them', async () => {
    const file = await home.addNode('web7', { broker: 'amqps://me:mine@127.0.0.1:1' });
    await addAccount(file);
    const loaded = await load(file);
    const text = JSON.stringify(loaded.ok ? publicSettings(loaded.value.settings) : {});
    expect(text).toContain('amqps://127.0.0.1:1');
    for (const secret of [
      'mine',
      'very secret',
      'password',
      'node.key',
      (await readFile(join(dirname(file), 'node.key'), 'utf8')).slice(30, 60),
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(['trust.key', 'broker.password_file', 'log.level'].map(isSecretItem)).toEqual([true, true, false]);
  });
});
