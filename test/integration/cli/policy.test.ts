import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyFilesOf, policyVectors, type PolicyCase } from '../../support/policy-vectors.ts';
import { muster } from './muster-process.ts';

const vectors = policyVectors('policy-vectors');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster policy '));
  await writeFile(join(folder, 'node.json'), JSON.stringify(vectors.node));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes the folder of a case and asks about it. */
async function check(name: string, one: PolicyCase) {
  const policies = join(folder, name);
  await mkdir(policies);
  for (const [file, text] of policyFilesOf(one)) await writeFile(join(policies, file), text);
  const who = ['--caller', one.caller, '--agent', one.agent, '--action', one.action];
  return muster(folder, 'policy', 'check', '--policies', policies, '--node', join(folder, 'node.json'), ...who);
}

describe('the real muster policy check', () => {
  // Every process takes its time; all cases run in one process in the command line's own tests.
  it.each(vectors.cases.map((one, index) => [index, one] as const).filter(([index]) => index % 4 === 0))(
    'decides golden case %i',
    async (index, one) => {
      const { code, out, err } = await check(`case-${index}`, one);
      expect(err).toBe('');
      expect(JSON.parse(out)).toMatchObject({ allow: one.expect === 'allow' });
      expect(code).toBe(one.expect === 'allow' ? 0 : 1);
    },
  );

  it('denies by a file that cannot be read, and says so', async () => {
    const one = { policy: null, caller: 'cert=a', agent: 'service', action: 'status', expect: 'deny' } as const;
    await mkdir(join(folder, 'broken'));
    await symlink('nowhere', join(folder, 'broken', 'service.policy'));
    await writeFile(join(folder, 'broken', 'settings.json'), '{"allow_unconfigured":true}');
    const who = ['--caller', one.caller, '--agent', one.agent, '--action', one.action];
    const args = ['policy', 'check', '--policies', join(folder, 'broken'), '--node', join(folder, 'node.json'), ...who];
    const { code, out } = await muster(folder, ...args);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      allow: false,
      rule: null,
      reason: expect.stringContaining('leads nowhere') as string,
    });
  });
});

describe('the real muster policy lint', () => {
  it('names the file and line', async () => {
    const policies = join(folder, 'lint');
    await mkdir(policies);
    await writeFile(join(policies, 'service.policy'), 'policy default deny\nallow\topps\tstatus\t*\t*\n');
    expect(await muster(folder, 'policy', 'lint', policies)).toEqual({
      code: 1,
      out: 'service.policy:2:1: there is no group opps, so it means nobody [unknown-group]\n',
      err: '',
    });
  });
});
