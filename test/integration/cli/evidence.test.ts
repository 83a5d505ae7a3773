import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findTrustFiles } from '@muster/client/configuration';
import { unwrap } from '@muster/protocol/errors';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster } from './muster-process.ts';

let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
/** Where nothing of the fleet is, as with whoever has to be convinced. */
let elsewhere: string;
let file: string;
let ca: string;

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 2 });
  ({ home } = fleet.ready);
  elsewhere = await mkdtemp(join(tmpdir(), 'muster-evidence-'));
  file = join(elsewhere, 'run.evidence');
  ca = join(elsewhere, 'ca.pem');
  await writeFile(ca, await readFile(unwrap(await findTrustFiles(home)).ca));
});
afterAll(async () => {
  await fleet.stop();
  await rm(elsewhere, { recursive: true });
});

it('proves far from the fleet what real nodes answered, and finds a changed answer', async () => {
  expect((await muster(home, 'rpc', 'rpcutil', 'ping')).code).toBe(0);
  const exported = await muster(home, 'runs', 'export', 'last', '--evidence', '--out', file, '--json');
  expect(exported).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(exported.out)).toMatchObject({ file, replies: 2, nodes: 2 });
  expect((await muster(home, 'runs', 'export', 'last', '--evidence', '--out', file)).code).toBe(1);

  const proven = await muster(elsewhere, 'evidence', 'verify', file, '--ca', ca, '--json');
  expect(JSON.parse(proven.out)).toMatchObject({
    verdict: 'proven',
    asked: { agent: 'rpcutil', action: 'ping' },
    outcomes: { ok: 2 },
    silent: [],
  });
  expect(proven.code).toBe(0);

  await writeFile(
    file,
    (await readFile(file, 'utf8')).replace('"statusMessage":"OK"', '"statusMessage":"\\u001b[31mKO"'),
  );
  const damaged = await muster(elsewhere, 'evidence', 'verify', file, '--ca', ca);
  expect(damaged.code).toBe(1);
  expect(damaged.out).toContain('State     DAMAGED');
  expect(damaged.out).toContain('another statusMessage than the node signed');
  expect(damaged.out).not.toContain('\u001b');
});

it('has the audit of the console, verified by the authority of its home', async () => {
  const verified = await muster(home, 'audit', 'verify');
  expect(verified.out).toContain('State     intact');
  expect(verified.code).toBe(0);
  const [chain = ''] = /\S*audit-1\.log/.exec(verified.out) ?? [];
  const { out } = await muster(home, 'audit', 'show', chain, '--kind', 'request');
  expect(out).toContain('agent=rpcutil  action=ping');
  await writeFile(chain, (await readFile(chain, 'utf8')).replace('"action":"ping"', '"action":"pong"'));
  const changed = await muster(home, 'audit', 'verify');
  expect(changed.code).toBe(1);
  expect(changed.out).toMatch(/audit-1\.log:\d+ {2}changed/);
});
