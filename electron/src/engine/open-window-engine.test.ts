import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { randomBytes } from '@muster/runtime/crypto';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { readAudit } from '../../../test/support/agent/read-audit.ts';
import { sendRaw } from '../../../test/support/browser-requests.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { ReportTickets, startBrowserHost } from '../browser-host/index.ts';
import { openWindowEngine } from './open-window-engine.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster window engine '));
  const authority = await createAuthority({ name: 'Test authority', clock: Date.now });
  const issued = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 1 });
  await writeFile(join(home, 'ca.pem'), authority.certificatePem);
  await writeFile(join(home, 'alice.pem'), issued.certificatePem);
  await writeFile(join(home, 'alice.key'), issued.keyPem, { mode: 0o600 });
  await writeFile(
    join(home, 'console.yaml'),
    `person: alice
broker: { urls: ['amqps://127.0.0.1:1'] }
trust: { ca: ca.pem, certificate: alice.pem, key: alice.key }
`,
  );
});
afterEach(() => rm(home, { recursive: true }));

it('a call from another origin is refused by the host, and stands in the audit of the console', async () => {
  const startTimer = () => () => undefined;
  const reports = new ReportTickets(randomBytes, startTimer);
  const engine = unwrap(await openWindowEngine({ home, readOnly: false, reports, report: () => undefined }));
  const host = unwrap(
    await startBrowserHost({
      dispatcher: engine.dispatcher,
      files: new Map(),
      reports,
      randomBytes,
      startTimer,
      onStranger: (stranger) => engine.noteStranger({ ...stranger }),
    }),
  );
  try {
    const answer = await sendRaw(host.origin, {
      method: 'POST',
      path: '/call/fleet.count',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{"filter":""}',
    });
    expect(answer.status).toBe(403);
    await eventually(async () =>
      expect(await readAudit(join(home, 'audit', 'audit-1.log'), 'rejected').catch(() => [])).toMatchObject([
        { method: 'POST', origin: 'https://evil.example' },
      ]),
    );
  } finally {
    await host.close();
    await engine.close();
  }
});
