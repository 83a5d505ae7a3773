import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, unwrap } from '@muster/protocol/errors';
import {
  isProtected,
  knownPassphrase,
  passphraseIn,
  openProtected,
  protectKey,
  readKeyFile,
  readPassphraseFile,
  replaceSecretFile,
} from './index.ts';

const pem = '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n';
/** The cheapest that still is scrypt: what is tested does not depend on the cost. */
const cheap = { workFactor: 1 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster keys '));
});
afterEach(() => rm(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

describe('a protected key', () => {
  it('is a file of age that holds nothing of the key', async () => {
    const text = await protectKey(pem, 'correct horse', cheap);
    expect(isProtected(text)).toBe(true);
    expect(isProtected(pem)).toBe(false);
    expect(text).not.toContain('MC4CAQ');
    const other = new Decrypter();
    other.addPassphrase('correct horse');
    expect(await other.decrypt(armor.decode(text), 'text')).toBe(pem);
  });

  it('opens with its passphrase and no other, also when another program made it', async () => {
    const other = new Encrypter();
    other.setPassphrase('correct horse');
    other.setScryptWorkFactor(1);
    const text = armor.encode(await other.encrypt(pem));
    expect(await openProtected(text, 'correct horse')).toEqual({ ok: true, value: pem });
    expect(await openProtected(text, 'correct horsE')).toMatchObject({ error: { code: 'key.wrong_passphrase' } });
    expect(await openProtected(text.replace('\n', '\n\n'), 'correct horse')).toMatchObject({ ok: false });
  });

  it('costs what age says it should when nothing else is said', async () => {
    const text = await protectKey(pem, 'correct horse');
    expect(Buffer.from(armor.decode(text)).toString('latin1')).toMatch(/^age-encryption.org\/v1\n-> scrypt \S+ 18\n/);
  });
});

describe('a key file', () => {
  const protect = async () => writeFile(at('a.key'), await protectKey(pem, 'correct horse', cheap), { mode: 0o600 });

  it('that is not protected needs no passphrase', async () => {
    await writeFile(at('a.key'), pem, { mode: 0o600 });
    expect(await readKeyFile(at('a.key'))).toEqual({ ok: true, value: pem });
  });

  it('is asked for as often as somebody answers', async () => {
    await protect();
    const asked: unknown[] = [];
    const answers = ['wrong', 'wrong again', 'correct horse'];
    const opened = await readKeyFile(at('a.key'), (about) => {
      asked.push(about);
      return Promise.resolve(ok(answers.shift() ?? null));
    });
    expect(opened).toEqual({ ok: true, value: pem });
    expect(asked).toEqual([1, 2, 3].map((attempt) => ({ file: at('a.key'), attempt })));
  });

  it('stays shut without a passphrase, or with a wrong one', async () => {
    await protect();
    expect(await readKeyFile(at('a.key'))).toMatchObject({ error: { code: 'key.locked' } });
    const wrong = knownPassphrase('correct');
    expect(await readKeyFile(at('a.key'), wrong)).toMatchObject({ error: { code: 'key.wrong_passphrase' } });
  });

  it('that others may read is not even tried', async () => {
    await protect();
    await chmod(at('a.key'), 0o640);
    const opened = await readKeyFile(at('a.key'), () => Promise.reject(new Error('asked')));
    expect(opened).toMatchObject({ error: { code: 'config.invalid', mend: `Run: chmod 600 "${at('a.key')}"` } });
  });
});

describe('a passphrase file', () => {
  it('gives its text without the end of the line', async () => {
    await writeFile(at('p'), ' two  words \r\n', { mode: 0o600 });
    expect(unwrap(await readPassphraseFile(at('p')))).toBe(' two  words ');
  });

  it('must not be empty, nor be read by others', async () => {
    await writeFile(at('p'), '\n', { mode: 0o600 });
    expect(await readPassphraseFile(at('p'))).toMatchObject({ error: { code: 'config.invalid' } });
    await writeFile(at('q'), 'words', { mode: 0o644 });
    expect(await readPassphraseFile(at('q'))).toMatchObject({ error: { code: 'config.invalid' } });
  });

  it('opens a key, or says why it cannot', async () => {
    await writeFile(at('a.key'), await protectKey(pem, 'correct horse', cheap), { mode: 0o600 });
    await writeFile(at('right'), 'correct horse\n', { mode: 0o600 });
    await writeFile(at('wrong'), 'horse\n', { mode: 0o600 });
    const open = (name: string) => readKeyFile(at('a.key'), passphraseIn(at(name)));
    expect(await open('right')).toEqual({ ok: true, value: pem });
    expect(await open('wrong')).toMatchObject({ error: { code: 'key.wrong_passphrase' } });
    expect(await open('nowhere')).toMatchObject({ error: { code: 'config.unreadable' } });
  });
});

describe('a secret that is replaced', () => {
  it('is for its owner alone, whatever the file was before', async () => {
    await writeFile(at('a.key'), 'old', { mode: 0o644 });
    unwrap(await replaceSecretFile(at('a.key'), 'new'));
    expect(await readFile(at('a.key'), 'utf8')).toBe('new');
    expect((await stat(at('a.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.key']);
  });

  it('stays as it was when there is no place for another', async () => {
    expect(await replaceSecretFile(at('nowhere/a.key'), 'new')).toMatchObject({ error: { code: 'file.unwritable' } });
  });
});
