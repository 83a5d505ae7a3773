import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Ask } from '@muster/protocol/enrolment';
import { unwrap } from '@muster/protocol/errors';
import type { EnrolledRole } from '@muster/protocol/identity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  invite,
  makeAuthority,
  openAuthority,
  writeSyncMark,
  type AuthorityFolder,
  type InvitationOrder,
} from '../authority/index.ts';
import { createMemoryBroker, type Bus, type MemoryBroker } from '../bus/index.ts';
import { compressor, createSigner, createVerifier, fingerprintOf, randomBytes } from '../crypto/index.ts';
import { joinFleet, openAuthorityLine, whenBusUp, type JoinFile, type JoinNews } from '../enrolment/index.ts';
import { createLogger } from '../logging/index.ts';
import {
  createKeyPem,
  createSigningRequest,
  issueCertificate,
  loadAuthority,
  readSigningRequest,
  requestFor,
} from '../pki/index.ts';
import { createAdmission } from './admission.ts';
import { serveAuthority, type RunningAuthority } from './index.ts';

let home: string;
let folder: string;
let broker: MemoryBroker;
let service: RunningAuthority;
const open: Bus[] = [];

const connect = (): Bus => {
  const bus = broker.connect();
  open.push(bus);
  return bus;
};

const logger = createLogger({ name: 'test', level: 'error', destination: { write: () => undefined } });

async function start(): Promise<void> {
  service = unwrap(await serveAuthority({ folder, logger, clock: Date.now, randomBytes, connect, lookEveryMs: 100 }));
  expect(await service.ready).toBe(true);
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-service-'));
  folder = join(home, 'ca');
  unwrap(await makeAuthority(folder, { name: 'Test', clock: Date.now }));
  await writeFile(
    join(folder, 'authority.yaml'),
    "broker: { urls: ['amqps://127.0.0.1:1'], username: x, password_file: password }\napprovers: [alice]\n",
  );
  await writeFile(join(folder, 'password'), 'x', { mode: 0o600 });
  broker = createMemoryBroker({ collectives: ['muster'], clock: Date.now });
  await start();
});
afterEach(async () => {
  await service.stop();
  await Promise.all(open.splice(0).map((bus) => bus.close()));
  await rm(home, { recursive: true });
});

/** Works in the folder beside the service, as a command does. */
async function within<T>(work: (authority: AuthorityFolder) => Promise<T>): Promise<T> {
  const authority = unwrap(await openAuthority(folder, Date.now, { patienceMs: 20_000 }));
  try {
    return await work(authority);
  } finally {
    await authority.close();
  }
}

async function invited(order: Partial<InvitationOrder> = {}): Promise<JoinFile> {
  const full = {
    role: 'node',
    names: 'web*',
    uses: 1,
    hours: 1,
    atOnce: true,
    replace: false,
    validDays: 30,
    ...order,
  } as const;
  const made = await within(async (authority) => unwrap(await invite(authority, full)));
  return {
    muster: 'join.v1',
    ...made,
    role: full.role,
    names: full.names,
    collectives: ['muster'],
    broker: { urls: ['amqps://127.0.0.1:1'] },
    ca: await readFile(join(folder, 'ca.pem'), 'utf8'),
    expires: new Date(Date.now() + full.hours * 3_600_000).toISOString(),
  };
}

let joiners = 0;
interface Joining {
  readonly files: { readonly certificate: string; readonly key: string };
  readonly news: JoinNews[];
  readonly fingerprint: () => string;
  readonly outcome: ReturnType<typeof joinFleet>;
  readonly giveUp: () => void;
}

function joining(invitation: JoinFile, name: string, files = filesOf(`${name}-${++joiners}`)): Joining {
  const news: JoinNews[] = [];
  const waiting = new AbortController();
  const outcome = joinFleet({
    invitation,
    name,
    files,
    onNews: (one) => news.push(one),
    signal: waiting.signal,
    clock: Date.now,
    randomBytes,
    connect,
  });
  const fingerprint = () => {
    const told = news.find((one) => one.kind === 'key');
    return told?.kind === 'key' ? told.fingerprint : '';
  };
  return { files, news, outcome, fingerprint, giveUp: () => waiting.abort() };
}
const filesOf = (name: string) => ({ certificate: join(home, `${name}.pem`), key: join(home, `${name}.key`) });

const codeOf = async ({ outcome }: Joining): Promise<string> => {
  const ended = await outcome;
  return ended.ok ? 'ok' : ended.error.code;
};

const held = (one: Joining) =>
  expect.poll(() => one.news.some(({ kind }) => kind === 'held'), { timeout: 20_000 }).toBe(true);

interface Holder {
  readonly role: 'node' | 'person' | 'join';
  readonly name: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Somebody with a certificate that is on record. */
async function holder(role: EnrolledRole, name: string): Promise<Holder> {
  const { requestPem, keyPem } = await createSigningRequest({ role, name });
  const { publicKey } = unwrap(await readSigningRequest(requestPem));
  const certificatePem = await within(async (authority) =>
    unwrap(await authority.issue({ role, name, publicKey, validDays: 30 })),
  );
  return { role, name, certificatePem, keyPem };
}

async function asked(who: Holder, ask: Ask, withinMs = 20_000): Promise<Answer | { kind: 'failed'; code: string }> {
  const bus = connect();
  await whenBusUp(bus);
  const line = unwrap(
    await openAuthorityLine(
      { role: who.role, name: who.name, fingerprint: fingerprintOf(new X509Certificate(who.certificatePem)) },
      {
        bus,
        signer: unwrap(await createSigner(who)),
        verifier: createVerifier({ caPem: await readFile(join(folder, 'ca.pem'), 'utf8') }),
        compressor,
        clock: Date.now,
        randomBytes,
      },
    ),
  );
  const answer = await line.ask(ask, withinMs);
  await bus.close();
  return answer.ok ? answer.value : { kind: 'failed', code: answer.error.code };
}

const audited = async () =>
  (await readFile(join(folder, 'audit.log'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>); // lines of an audit are objects

describe('an invitation', () => {
  it('that issues at once gives a certificate for the key that was made here, and is used up then', async () => {
    const invitation = await invited();
    const web1 = joining(invitation, 'web1');
    expect(await codeOf(web1)).toBe('ok');
    const certificate = new X509Certificate(await readFile(web1.files.certificate, 'utf8'));
    expect(certificate.subject).toBe('O=Muster\nOU=node\nCN=web1');
    expect(certificate.checkPrivateKey(createPrivateKey(await readFile(web1.files.key, 'utf8')))).toBe(true);
    for (const file of Object.values(web1.files)) expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await codeOf(joining(invitation, 'web2'))).toBe('join.used');
    expect(await audited()).toMatchObject([
      { kind: 'opened' },
      { kind: 'issued', role: 'node', name: 'web1', key: web1.fingerprint(), invitation: invitation.invitation },
      { kind: 'refused', code: 'join.used', role: 'join' },
    ]);
  });

  it('gives the certificate once a broker knows its holder, where brokers say how far they are', async () => {
    const register = join(folder, 'register.jsonl');
    const invitation = await invited();
    await writeSyncMark(register, (await stat(register)).size);
    const web1 = joining(invitation, 'web1');
    await expect
      .poll(async () => (await audited()).at(-1), { timeout: 20_000 })
      .toMatchObject({ kind: 'issued', name: 'web1' });
    expect(await Promise.race([codeOf(web1), createAdmission(register, 1000).until(Infinity)])).toBeUndefined();
    await writeSyncMark(register, (await stat(register)).size);
    expect(await codeOf(web1)).toBe('ok');
  });

  it('is for the names and the role that it says', async () => {
    const invitation = await invited({ uses: 5 });
    expect(await codeOf(joining(invitation, 'db1'))).toBe('join.not_invited');
    expect(await codeOf(joining({ ...invitation, role: 'person' }, 'web1'))).toBe('join.not_invited');
  });

  it('that was revoked, or whose authority is another, is good for nothing', async () => {
    const invitation = await invited();
    await within(async (authority) => unwrap(await authority.revoke(invitation.invitation, 'unspecified')));
    const web1 = joining(invitation, 'web1');
    await expect
      .poll(async () => (await audited()).at(-1), { timeout: 20_000 })
      .toMatchObject({
        kind: 'refused',
        code: 'certificate.revoked',
      });
    web1.giveUp();
    expect(await codeOf(web1)).toBe('run.interrupted');
  });

  it('answers a key that asks again as before, so that a lost answer costs nothing', async () => {
    const invitation = await invited();
    const join = {
      role: 'join',
      name: invitation.invitation,
      certificatePem: invitation.certificate,
      keyPem: invitation.key,
    } as const;
    const ask = {
      kind: 'join',
      request: await requestFor(await createKeyPem(), { role: 'node', name: 'web1' }),
    } as const;
    const first = await asked(join, ask);
    expect(first).toMatchObject({ kind: 'certificate' });
    expect(await asked(join, ask)).toEqual(first);
    await service.stop();
    await start();
    expect(await asked(join, ask)).toEqual(first);
    await within(async (authority) => unwrap(await authority.revoke('web1', 'key-compromise')));
    expect(await asked(join, ask)).toMatchObject({ code: 'join.key_known' });
  });
});

describe('a person', () => {
  it('approves by the fingerprint that both sides show', async () => {
    const alice = await holder('person', 'alice');
    const web1 = joining(await invited({ atOnce: false }), 'web1');
    await held(web1);
    expect(await asked(alice, { kind: 'list' })).toMatchObject({
      waiting: [{ key: web1.fingerprint(), role: 'node', name: 'web1', holdsUntilMs: null }],
    });
    const approval = { kind: 'approve', key: web1.fingerprint(), replace: false } as const;
    expect(await asked(alice, approval)).toMatchObject({ kind: 'decided', decision: 'approved', name: 'web1' });
    expect(await codeOf(web1)).toBe('ok');
    expect(await asked(alice, approval)).toMatchObject({ code: 'join.unknown_request' });
    expect(await asked(alice, { kind: 'list' })).toMatchObject({ waiting: [] });
    expect(await audited()).toContainEqual(
      expect.objectContaining({ kind: 'issued', name: 'web1', approvedBy: 'alice' }),
    );
  });

  it('rejects, and the invitation may be used by another', async () => {
    const alice = await holder('person', 'alice');
    const invitation = await invited({ atOnce: false });
    const stranger = joining(invitation, 'web1');
    await held(stranger);
    expect(await codeOf(joining(invitation, 'web2'))).toBe('join.used');
    const answer = await asked(alice, { kind: 'reject', key: stranger.fingerprint() });
    expect(answer).toMatchObject({ kind: 'decided', decision: 'rejected' });
    expect(await codeOf(stranger)).toBe('join.rejected');
    const web1 = joining(invitation, 'web1');
    await held(web1);
    web1.giveUp();
    await web1.outcome;
    const again = joining(invitation, 'web1', web1.files);
    await held(again);
    expect(again.fingerprint()).toBe(web1.fingerprint());
    await asked(alice, { kind: 'approve', key: web1.fingerprint(), replace: false });
    expect(await codeOf(again)).toBe('ok');
  });

  it('who is no approver, and whoever is no person, may neither see nor decide', async () => {
    const web1 = joining(await invited({ atOnce: false }), 'web1');
    await held(web1);
    const bob = await holder('person', 'bob');
    for (const ask of [
      { kind: 'list' },
      { kind: 'approve', key: web1.fingerprint(), replace: true },
      { kind: 'reject', key: web1.fingerprint() },
    ] as const) {
      expect(await asked(bob, ask)).toMatchObject({ code: 'join.not_approver' });
    }
    const node = await holder('node', 'alice');
    const approval = { kind: 'approve', key: web1.fingerprint(), replace: true } as const;
    expect(await asked(node, approval, 200)).toMatchObject({ code: 'authority.silent' });
    await expect
      .poll(async () => (await audited()).at(-1), { timeout: 20_000 })
      .toMatchObject({ code: 'certificate.role' });
    web1.giveUp();
    await web1.outcome;
  });
});

describe('a name that has a certificate', () => {
  it('gets another only when replacing it was said, and the old one is revoked then', async () => {
    expect(await codeOf(joining(await invited(), 'web1'))).toBe('ok');
    expect(await codeOf(joining(await invited(), 'web1'))).toBe('join.identity_taken');
    expect(await codeOf(joining(await invited({ replace: true }), 'web1'))).toBe('ok');
    const states = await within((authority) =>
      Promise.resolve(authority.register.issuedTo('web1').map(({ revoked }) => revoked?.reason)),
    );
    expect(states).toEqual(['superseded', undefined]);
    const alice = await holder('person', 'alice');
    const anew = joining(await invited({ atOnce: false }), 'web1');
    await held(anew);
    expect(await asked(alice, { kind: 'list' })).toMatchObject({
      waiting: [{ holdsUntilMs: expect.any(Number) as number }],
    });
    const approval = { kind: 'approve', key: anew.fingerprint() } as const;
    expect(await asked(alice, { ...approval, replace: false })).toMatchObject({ code: 'join.identity_taken' });
    expect(await asked(alice, { ...approval, replace: true })).toMatchObject({ decision: 'approved' });
    expect(await codeOf(anew)).toBe('ok');
  });
});

describe('renewal', () => {
  const next = async (role: EnrolledRole, name: string) =>
    ({ kind: 'renew', request: await requestFor(await createKeyPem(), { role, name }) }) as const;

  it('gives the holder of a certificate the next one, as long as the first, and again when the answer was lost', async () => {
    const web1 = await holder('node', 'web1');
    const ask = await next('node', 'web1');
    const answer = await asked(web1, ask);
    const pem = answer.kind === 'certificate' ? answer.certificate : '';
    const days = (new X509Certificate(pem).validToDate.getTime() - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(await asked(web1, ask)).toEqual(answer);
  });

  it('is for oneself, with a new key, and not without end', async () => {
    const web1 = await holder('node', 'web1');
    expect(await asked(web1, await next('node', 'web2'))).toMatchObject({ code: 'sender.mismatch' });
    expect(await asked(web1, await next('person', 'web1'))).toMatchObject({ code: 'sender.mismatch' });
    const own = { kind: 'renew', request: await requestFor(web1.keyPem, web1) } as const;
    expect(await asked(web1, own)).toMatchObject({ code: 'join.key_known' });
    expect(await asked(web1, await next('node', 'web1'))).toMatchObject({ kind: 'certificate' });
    expect(await asked(web1, await next('node', 'web1'))).toMatchObject({ kind: 'certificate' });
    expect(await asked(web1, await next('node', 'web1'))).toMatchObject({ code: 'renewal.too_many' });
  });

  it('of a person may keep the key, and is answered the same when the answer was lost', async () => {
    const alice = await holder('person', 'alice');
    const ask = { kind: 'renew', request: await requestFor(alice.keyPem, alice) } as const;
    const answer = await asked(alice, ask);
    const certificatePem = answer.kind === 'certificate' ? answer.certificate : '';
    expect(certificatePem).not.toBe(alice.certificatePem);
    expect(new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(alice.keyPem))).toBe(true);
    expect(await asked(alice, ask)).toEqual(answer);
    const bob = await holder('person', 'bob');
    const ofAlice = { kind: 'renew', request: await requestFor(alice.keyPem, bob) } as const;
    expect(await asked(bob, ofAlice)).toMatchObject({ code: 'join.key_known' });
    expect(await asked({ ...alice, certificatePem }, ask)).toMatchObject({ kind: 'certificate' });
  });

  it('is not for one that was revoked, or that is not on record', async () => {
    const web1 = await holder('node', 'web1');
    await within(async (authority) => unwrap(await authority.revoke('web1', 'key-compromise')));
    expect(await asked(web1, await next('node', 'web1'), 200)).toMatchObject({ code: 'authority.silent' });
    await expect
      .poll(async () => (await audited()).at(-1), { timeout: 20_000 })
      .toMatchObject({ kind: 'refused', code: 'certificate.revoked' });
    const [certificatePem, keyPem] = await Promise.all(
      ['ca.pem', 'ca.key'].map((file) => readFile(join(folder, file), 'utf8')),
    );
    const authority = await loadAuthority({
      certificatePem: certificatePem ?? '',
      keyPem: keyPem ?? '',
      clock: Date.now,
    });
    const unknown = await issueCertificate(authority, { role: 'node', name: 'web2', validDays: 1 });
    expect(await asked({ role: 'node', name: 'web2', ...unknown }, await next('node', 'web2'))).toMatchObject({
      code: 'certificate.untrusted',
    });
  });
});

it('the service takes its own next certificate while it serves', async () => {
  const at = (name: string) => join(folder, name);
  const { requestPem, keyPem } = await createSigningRequest({ role: 'authority', name: 'authority' });
  const { publicKey } = unwrap(await readSigningRequest(requestPem));
  const short = { role: 'authority', name: 'authority', publicKey, validDays: 20 } as const;
  const ending = await within(async (authority) => unwrap(await authority.issue(short)));
  const first = fingerprintOf(new X509Certificate(await readFile(at('service.pem'))));
  await writeFile(at('service.key'), keyPem, { mode: 0o600 });
  await writeFile(at('service.pem'), ending);
  const current = async () => fingerprintOf(new X509Certificate(await readFile(at('service.pem'))));
  await expect.poll(current, { timeout: 20_000 }).not.toBe(fingerprintOf(new X509Certificate(ending)));
  const renewed = await current();
  // Who is answered last is answered with it.
  await expect
    .poll(
      async () => {
        expect(await codeOf(joining(await invited(), `web${joiners}`))).toBe('ok');
        return (await audited()).filter(({ kind }) => kind === 'opened').map(({ fingerprint }) => fingerprint);
      },
      { timeout: 60_000 },
    )
    .toEqual([first, renewed]);
});
