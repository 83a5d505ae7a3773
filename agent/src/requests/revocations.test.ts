import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRevocationList } from '@muster/runtime/pki';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { readAudit } from '../../../test/support/agent/read-audit.ts';
import { eventually } from '../../../test/support/eventually.ts';

const node = 'web1.example.com';
let bench: AgentBench;

beforeEach(async () => {
  bench = await createAgentBench();
});
afterEach(() => bench.close());

const listOf = (number: number, certificates: readonly Uint8Array[]): Promise<string> =>
  createRevocationList(bench.home.authority, {
    number,
    validDays: 7,
    revoked: certificates.map((der) => ({
      serial: new X509Certificate(der).serialNumber,
      atMs: Date.now(),
      reason: 'key-compromise',
    })),
  });

it('a person whose certificate is revoked is not answered any more, while others are, and it is audited', async () => {
  const stolen = await bench.home.signerOf('person', 'bob');
  const bob = await bench.askerAs('bob', stolen);
  await bench.start(node, { revocations: await listOf(1, []) });
  expect(await bob.ask(node, { agent: 'rpcutil', action: 'ping' })).toMatchObject({ outcome: 'ok' });

  const folder = join(bench.home.folder, 'nodes', node);
  await writeFile(join(folder, 'crl.pem'), await listOf(2, [stolen.certificate]));
  const code = 'certificate.revoked';
  await eventually(async () => {
    await bob.send(bob.request({ target: node, agent: 'rpcutil', action: 'ping' }));
    expect(await readAudit(join(folder, 'state', 'audit.log'), 'rejected')).toContainEqual(
      expect.objectContaining({ code }),
    );
  });
  const last = bob.request({ target: node, agent: 'rpcutil', action: 'ping' });
  await bob.send(last);
  expect(await bench.asker.ask(node, { agent: 'rpcutil', action: 'ping' })).toMatchObject({ outcome: 'ok' });
  expect(bob.replies.filter(({ requestId }) => requestId === last.requestId)).toEqual([]);
  expect(bench.log).toContainEqual(expect.objectContaining({ event: code }));
});

it('an agent does not start on a list that nobody trusted signed', async () => {
  await expect(bench.start(node, { revocations: 'nothing' })).rejects.toThrow(/revoked certificates/);
});
