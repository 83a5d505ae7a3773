import { ok, unwrap } from '@muster/protocol/errors';
import { describe, expect, it } from 'vitest';
import { recordedCommands, type Recorded } from '../../../../test/support/agent/recorded-commands.ts';
import { changeCertificate, type Verb } from './change.ts';
import type { CertificateStatus } from './folder.ts';

// What `puppetserver ca` says here is what Debian's says; the real one is asked in `npm run test:puppet`. `puppet cert` is no part
// of any Puppet that is still looked after: its records were made after the manual of Puppet 5.

const name = 'web1.example.com';

/** An authority that has a status before the command, and one after it. */
async function change(
  verb: Verb,
  statuses: readonly [before: CertificateStatus, after: CertificateStatus],
  record: Recorded,
  settings: { readonly command: string[]; readonly config?: string } = { command: ['puppetserver', 'ca'] },
) {
  const { run, lines } = recordedCommands([record]);
  const status = () => Promise.resolve(ok(statuses[lines.length === 0 ? 0 : 1]));
  const list = () => Promise.reject(new Error('nobody needs the list'));
  const end = unwrap(await changeCertificate(verb, name, { authority: { list, status }, settings, run }));
  expect(lines).toEqual([record.command]);
  return end;
}

describe('puppetserver ca', () => {
  const of = (verb: Verb) => `puppetserver ca ${verb} --certname ${name}`;

  it('signs, revokes and cleans', async () => {
    const signed = `Successfully signed certificate request for ${name}`;
    expect(await change('sign', ['waiting', 'signed'], { command: of('sign'), stdout: `${signed}\n` })).toEqual({
      out: signed,
    });
    const revoked = `Certificate for ${name} has been revoked`;
    expect(await change('revoke', ['signed', 'signed'], { command: of('revoke'), stdout: `${revoked}\n` })).toEqual({
      out: revoked,
    });
    const cleaned = `${revoked}\nCleaned files related to ${name}`;
    expect(await change('clean', ['signed', 'missing'], { command: of('clean'), stdout: `${cleaned}\n` })).toEqual({
      out: cleaned,
    });
  });

  it('cleans a request away', async () => {
    const record = { command: of('clean'), exitCode: 24, stdout: `Cleaned files related to ${name}\n` };
    expect(await change('clean', ['waiting', 'missing'], record)).toEqual({ out: record.stdout.trim() });
    expect(await change('clean', ['signed', 'missing'], record)).toMatchObject({
      failure: `puppetserver ca clean failed with exit code 24: Cleaned files related to ${name}`,
    });
  });

  it('says why it failed in one line', async () => {
    const stderr = `Error:\n    Could not find certificate request for ${name}\n`;
    expect(await change('sign', ['waiting', 'waiting'], { command: of('sign'), exitCode: 1, stderr })).toEqual({
      out: stderr.trim(),
      failure: `puppetserver ca sign failed with exit code 1: Error: Could not find certificate request for ${name}`,
    });
  });

  it('is told of another puppet.conf', async () => {
    const command = `${of('sign')} --config /srv/puppet.conf`;
    const settings = { command: ['puppetserver', 'ca'], config: '/srv/puppet.conf' };
    expect(await change('sign', ['waiting', 'signed'], { command }, settings)).toEqual({ out: '' });
  });
});

it('puppet cert has its own order of words', async () => {
  const command = `puppet cert sign ${name} --color=false --config /srv/puppet.conf`;
  const settings = { command: ['puppet', 'cert'], config: '/srv/puppet.conf' };
  const stdout = `Notice: Signed certificate request for ${name}\n`;
  expect(await change('sign', ['waiting', 'signed'], { command, stdout }, settings)).toEqual({ out: stdout.trim() });
});
