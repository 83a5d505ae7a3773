import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createSigner } from '@muster/runtime/crypto';
import { createLogger } from '@muster/runtime/logging';
import { createAuthority, issueCertificate } from '@muster/runtime/pki';
import { createConsoleAudit } from '../audit/index.ts';
import { openStorage, type SignOfLife, type Storage } from '../storage/index.ts';
import { RefusedMessages } from './refused-messages.ts';

const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
const minuteMs = 60_000;
const dayMs = 86_400_000;
const nowMs = 1_800_000_000_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster health '));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the health of nodes', () => {
  let storage: Storage;
  beforeEach(async () => {
    storage = unwrap(await openStorage({ file: join(folder, 'muster.db'), clock: () => nowMs, logger }));
  });
  afterEach(() => storage.close());

  const note = async (...signs: readonly SignOfLife[]) => unwrap(await storage.noteSigns(signs));
  const names = async (aspect: 'heard' | 'silent' | 'stopped' | 'skewed' | 'expiring' | 'expired' | 'uncertified') =>
    unwrap(await storage.healthNodes({ aspect, asOfMs: nowMs, offset: 0, limit: 10 })).rows.map(
      ({ identity }) => identity,
    );

  it('is told by the last that was heard of each', async () => {
    await note(
      {
        identity: 'fresh',
        atMs: nowMs - minuteMs,
        agentVersion: '2',
        clockSkewMs: 10,
        certificateUntilMs: nowMs + 60 * dayMs,
      },
      {
        identity: 'often',
        atMs: nowMs - 3 * minuteMs,
        heardWithinMs: 2 * minuteMs,
        agentVersion: '2',
        clockSkewMs: -6000,
      },
      { identity: 'seldom', atMs: nowMs - dayMs, heardWithinMs: 2 * dayMs, certificateUntilMs: nowMs + dayMs },
      { identity: 'long', atMs: nowMs - dayMs, agentVersion: '1', clockSkewMs: 90_000, certificateUntilMs: nowMs - 1 },
      { identity: 'left', atMs: nowMs - dayMs, hasStopped: true, agentVersion: '1' },
    );
    expect(unwrap(await storage.fleetHealth(nowMs))).toEqual({
      total: 5,
      counts: {
        ...{ heard: 2, silent: 2, stopped: 1, skewed: 2, unmeasured: 2 },
        ...{ expiring: 1, expired: 1, uncertified: 2 },
      },
      worstSkewMs: 90_000,
      nextExpiryMs: nowMs + dayMs,
      versions: [
        { version: '1', nodes: 2 },
        { version: '2', nodes: 2 },
        { version: '', nodes: 1 },
      ],
      versionCount: 3,
    });
    expect(await names('heard')).toEqual(['fresh', 'seldom']);
    // The worst come first.
    expect(await names('silent')).toEqual(['long', 'often']);
    expect(await names('skewed')).toEqual(['long', 'often']);
    expect(await names('stopped')).toEqual(['left']);
    expect(await names('expired')).toEqual(['long']);
    expect(unwrap(await storage.healthIdentities({ aspect: 'version', version: '1', asOfMs: nowMs }))).toEqual([
      'left',
      'long',
    ]);
  });

  it('is another once more is heard, and as of another moment', async () => {
    await note({ identity: 'web1', atMs: nowMs - dayMs, hasStopped: true });
    expect(await names('stopped')).toEqual(['web1']);
    await note({ identity: 'web1', atMs: nowMs });
    expect(await names('stopped')).toEqual([]);
    expect(await names('heard')).toEqual(['web1']);
    expect(unwrap(await storage.fleetHealth(nowMs + 11 * minuteMs)).counts).toMatchObject({ heard: 0, silent: 1 });
  });
});

describe('refused messages', () => {
  it('are counted out of the audit, what is new of it alone, as far back as is asked for', async () => {
    // Files have the times of this machine.
    const nowMs = Date.now();
    let clockMs = nowMs - 2 * dayMs;
    const authority = await createAuthority({ name: 'Test', clock: () => clockMs });
    const pair = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 9 });
    const signer = unwrap(await createSigner(pair));
    const audit = createConsoleAudit({ folder, signer, clock: () => clockMs, logger });
    const refused = new RefusedMessages(folder, dayMs);
    expect(unwrap(await refused.count(nowMs))).toEqual([]);
    const reject = async (code: string, passedOver = 0) =>
      unwrap(await audit.note('rejected', passedOver === 0 ? { code } : { code, passedOver }));
    await reject('frame.malformed');
    clockMs = nowMs - minuteMs;
    await reject('signature.invalid');
    unwrap(await audit.note('export', { what: '"kind":"rejected"' }));
    expect(unwrap(await refused.count(nowMs))).toEqual([{ code: 'signature.invalid', count: 1 }]);
    await reject('frame.malformed', 4);
    expect(unwrap(await refused.count(nowMs))).toEqual([
      { code: 'frame.malformed', count: 5 },
      { code: 'signature.invalid', count: 1 },
    ]);
    expect(unwrap(await refused.count(nowMs))).toHaveLength(2);
    expect(unwrap(await refused.count(nowMs + 2 * dayMs))).toEqual([]);
    await audit.close();
  });
});
