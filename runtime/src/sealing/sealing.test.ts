import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealingKey, openSealingKey, sealInputs, type SealedFor, type SealingKey } from './index.ts';

const about: SealedFor = {
  caller: 'cert=alice',
  requestId: '0'.repeat(32),
  agent: 'rpcutil',
  action: 'login',
  target: 'web1.example.com',
};
const inputs = { token: 'hünter2', list: [1, null, { deep: true }] };

let folder: string;
let key: SealingKey;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-sealing-'));
  key = unwrap(await openSealingKey(join(folder, 'sealing.key')));
});
afterAll(() => rm(folder, { recursive: true }));

const seal = async (what: typeof inputs | Record<string, string> = inputs, whom = key.recipient) =>
  unwrap(await sealInputs(what, whom, about));

describe('sealed inputs', () => {
  it('open with the key, for the request that they are for', async () => {
    const sealed = await seal();
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('nter2');
    expect(await key.open(sealed, about)).toEqual({ ok: true, value: inputs });
  });

  it.each(Object.keys(about) as (keyof SealedFor)[])('do not open for another %s', async (name) => {
    expect(await key.open(await seal(), { ...about, [name]: 'other' })).toMatchObject({
      error: { code: 'sealing.unreadable', message: expect.stringContaining('another request') as string },
    });
  });

  it('do not open with another key, nor when any byte was changed', async () => {
    const sealed = await seal();
    expect(await (await createSealingKey()).open(sealed, about)).toMatchObject({
      error: { code: 'sealing.unreadable', message: expect.stringContaining('another key') as string },
    });
    const { length } = Buffer.from(sealed, 'base64');
    for (let at = 0; at < length; at += 3) {
      const bytes = Buffer.from(sealed, 'base64');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect((await key.open(bytes.toString('base64'), about)).ok).toBe(false);
    }
    expect((await key.open('', about)).ok).toBe(false);
  });

  it('are never the same, and of one length whatever short secret is in them', async () => {
    const [one, same, longer] = [
      await seal({ token: 'a' }),
      await seal({ token: 'a' }),
      await seal({ token: 'a'.repeat(20) }),
    ];
    expect(one).not.toBe(same);
    expect(one.length).toBe(longer.length);
  });

  it('are not made for what is no recipient', async () => {
    expect(await sealInputs(inputs, 'age1nothing', about)).toMatchObject({ error: { code: 'sealing.no_recipient' } });
  });
});

describe('the key of a node', () => {
  it('is made once, for its owner alone, in the format of age', async () => {
    const file = join(folder, 'sealing.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(/^# public key: (age1[0-9a-z]{58})\nAGE-SECRET-KEY-1[0-9A-Z]{58}\n$/);
    const again = unwrap(await openSealingKey(file));
    expect(again.recipient).toBe(key.recipient);
    expect(await again.open(await seal(), about)).toMatchObject({ ok: true });
  });

  it('is refused when it is none, or others may read it', async () => {
    const file = join(folder, 'other.key');
    await writeFile(file, 'nothing\n', { mode: 0o600 });
    expect(await openSealingKey(file)).toMatchObject({ error: { code: 'storage.failed' } });
    unwrap(await openSealingKey(join(folder, 'third.key')));
    await chmod(join(folder, 'third.key'), 0o644);
    expect(await openSealingKey(join(folder, 'third.key'))).toMatchObject({
      error: { message: expect.stringContaining('others may read it') as string },
    });
  });
});
