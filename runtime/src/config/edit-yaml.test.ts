import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { editYaml, editYamlFile } from './edit-yaml.ts';

const schema = z.strictObject({
  person: z.string(),
  history: z.strictObject({ keep: z.int().min(1).optional(), evidence: z.boolean().default(true) }).prefault({}),
  data: z.string().default('data'),
});
const edited = (text: string, settings: Parameters<typeof editYaml>[4]) =>
  editYaml(text, 'console.yaml', schema, 'history', settings);

describe('editing a YAML text', () => {
  it('keeps comments, order and the way that the rest is written', () => {
    const text = [
      '# The console of Alice.',
      'person: "alice" # as in the certificate',
      '',
      'history:',
      '  # The auditors ask for a year.',
      '  keep: 365 # days',
      '  evidence: true',
      '',
      "data: 'data'",
      '',
    ].join('\n');
    expect(unwrap(edited(text, { keep: 30, evidence: false }))).toBe(
      text.replace('keep: 365', 'keep: 30').replace('evidence: true', 'evidence: false'),
    );
    expect(unwrap(edited(text, { keep: 365, evidence: true }))).toBe(text);
    expect(unwrap(edited(text, { keep: null }))).not.toMatch(/^ *keep:/m);
  });

  it('writes nothing anew but what is changed, however the rest is written', () => {
    const text = 'person:   "alice"\n# Room:\nhistory:\n    keep: 7\n    # Proof.\n    evidence: true\n\ndata:  "d"';
    expect(unwrap(edited(text, { keep: null, evidence: false }))).toBe(
      text.replace('    keep: 7\n', '').replace('true', 'false'),
    );
    expect(unwrap(edited('person: a', { keep: 3 }))).toBe('person: a\nhistory:\n  keep: 3\n');
    expect(unwrap(edited('history:\n  keep: 9\nperson: a\n', { keep: 9, evidence: false }))).toBe(
      'history:\n  keep: 9\n  evidence: false\nperson: a\n',
    );
    // Inside braces there are no lines: all is written anew, and means the same.
    expect(unwrap(edited('person: a # me\nhistory: {keep: 4}\n', { keep: null }))).toBe(
      'person: a # me\nhistory: {}\n',
    );
    expect(unwrap(edited('person: a\nhistory:\n  keep: 4\n', { keep: null }))).toBe('person: a\nhistory: {}\n');
  });

  it.each(['person: alice\n', 'person: alice\nhistory: {}\n'])('begins a section that has nothing: %j', (text) => {
    const written = unwrap(edited(text, { keep: 90, evidence: null }));
    expect(written).toContain('person: alice');
    expect(written).toMatch(/keep: 90/);
  });

  it('takes nothing that would not be a configuration, before or after', () => {
    const good = 'person: alice\n';
    expect(edited(good, { keep: 0 })).toMatchObject({ ok: false, error: { code: 'config.invalid' } });
    expect(edited(good, { kept: 1 })).toMatchObject({ ok: false, error: { code: 'config.invalid' } });
    expect(edited('person: [', { keep: 1 })).toMatchObject({ ok: false, error: { code: 'config.syntax' } });
    expect(edited('person: alice\nother: 1\n', { keep: 1 })).toMatchObject({ error: { code: 'config.invalid' } });
    expect(edited('', { keep: 1 })).toMatchObject({ ok: false, error: { code: 'config.invalid' } });
  });

  it('leaves a section alone that is another part of the file', () => {
    const loose = z.looseObject({});
    const text = 'usual: &usual\n  keep: 3\nhistory: *usual\n';
    expect(editYaml(text, 'console.yaml', loose, 'history', { keep: 4 })).toMatchObject({
      error: { code: 'config.invalid', message: expect.stringContaining('history') as string },
    });
  });
});

describe('editing a YAML file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-edit-'));
    file = join(folder, 'console.yaml');
    await writeFile(file, 'person: alice # me\n');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const change = (path = file) => editYamlFile(path, schema, 'history', { keep: 30 });

  it('replaces it, with the mode that it had', async () => {
    await chmod(file, 0o640);
    unwrap(await change());
    expect(await readFile(file, 'utf8')).toBe('person: alice # me\nhistory:\n  keep: 30\n');
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['console.yaml']);
  });

  it('follows a link, which stays one', async () => {
    const link = join(folder, 'linked.yaml');
    await symlink(file, link);
    unwrap(await change(link));
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(file, 'utf8')).toContain('keep: 30');
  });

  it('says why not, and leaves what there was', async () => {
    expect(await change(join(folder, 'none.yaml'))).toMatchObject({ error: { code: 'config.unreadable' } });
    await writeFile(file, 'person: alice\nhistory: 7\n');
    expect(await change()).toMatchObject({ error: { code: 'config.invalid' } });
    expect(await readFile(file, 'utf8')).toBe('person: alice\nhistory: 7\n');
    expect(await readdir(folder)).toEqual(['console.yaml']);
  });
});
