import { mkdir, readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { createSealingKey } from '@muster/runtime/sealing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok, unwrap, type Result } from '@muster/protocol/errors';
import { verifyAudit } from '@muster/runtime/audit';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { numbered } from '../../../test/support/agent/journal-requests.ts';
import { readAudit } from '../../../test/support/agent/read-audit.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { createTestHome } from '../../../test/support/agent/test-home.ts';
import { defineAgent } from '../plugins/index.ts';
import { admit } from './admit.ts';
import { createAudit, type Audit } from './audit.ts';

const text = {
  type: 'string',
  prompt: 'x',
  description: 'x',
  validation: '.',
  maxlength: 100,
  optional: true,
} as const;

const vaultAgent = defineAgent(
  {
    kind: 'agent',
    name: 'vault',
    description: 'For tests',
    author: 'x',
    license: 'x',
    version: '1',
    url: '',
    timeout: 200,
    actions: (['read', 'write'] as const).map((effect) => ({
      name: effect,
      description: effect,
      effect,
      inputs: { door: text, secret: { ...text, sensitive: true } },
    })),
  },
  { read: () => Promise.resolve({}), write: () => Promise.resolve({}) },
);

describe('what is written of a request', () => {
  const described = { inputs: vaultAgent.ddl.actions[0]?.inputs ?? {} };
  const request = numbered(1, { inputs: { door: 'front', secret: 'hush' } });
  let records: Readonly<Record<string, unknown>>[];
  let outcome: Result<void>;
  let nowMs: number;

  beforeEach(() => {
    records = [];
    outcome = ok(undefined);
    nowMs = 0;
  });

  const auditWith = (mustBeWritten: boolean): Audit =>
    createAudit(
      {
        append(kind, details) {
          records.push({ ...details, kind });
          return Promise.resolve(outcome);
        },
      },
      { clock: () => nowMs, mustBeWritten },
    );

  it('has no sensitive inputs, and none that nobody describes', async () => {
    const audit = auditWith(true);
    await audit.record(request, described, { allowed: true, reason: 'x' });
    await audit.record(request, undefined, { allowed: false, code: 'request.unknown_agent', reason: 'x' });
    expect(records).toMatchObject([
      { kind: 'request', inputs: { door: 'front', secret: '(sensitive)' }, allowed: true, rule: null },
      { kind: 'request', allowed: false, code: 'request.unknown_agent' },
    ]);
    expect(JSON.stringify(records)).not.toContain('hush');
    expect(records[1]).not.toHaveProperty('inputs');
  });

  it('has the length of inputs in the place of those that are very long', async () => {
    const long = { ...request, inputs: { door: 'x'.repeat(70_000) } };
    await auditWith(true).record(long, described, { allowed: true, reason: 'x' });
    expect(records).toMatchObject([{ inputsLeftOut: 70_011 }]);
  });

  it('is bounded where strangers may cause as much as they like', async () => {
    const audit = auditWith(true);
    const fault = { code: 'signature.invalid', message: 'x' } as const;
    for (let number = 0; number < 150; number++) await audit.rejected(fault);
    expect(records).toHaveLength(100);
    nowMs = 60_000;
    await audit.rejected(fault);
    expect(records.at(-1)).toMatchObject({ kind: 'rejected', code: 'signature.invalid', passedOver: 50 });
    await audit.repeated(request);
    expect(records.at(-1)).toMatchObject({ kind: 'repeated', caller: 'cert=alice' });
  });

  async function admitWith(audit: Audit, action: string) {
    const bench = await createAgentBench();
    const admission = await admit(numbered(1, { agent: 'vault', action, target: 'web1' }), {
      // Of the node, an address is all that is looked at for a request that names one.
      node: { identity: 'web1', collectives: ['muster'] } as never,
      counters: { passed: 0 } as never,
      agents: new Map([['vault', vaultAgent]]),
      clock: () => nowMs,
      logger: bench.logger,
      authorizer: { authorise: () => ({ allowed: true, reason: 'everybody may' }) },
      audit,
      sealing: { key: await createSealingKey(), isRequired: false },
    });
    await bench.close();
    return admission;
  }

  it.each([
    { mustBeWritten: true, action: 'write', becomes: 'refused' },
    { mustBeWritten: true, action: 'read', becomes: 'chosen' },
    { mustBeWritten: false, action: 'write', becomes: 'chosen' },
  ])('decides whether it is done when it cannot be written: %o', async ({ mustBeWritten, action, becomes }) => {
    nowMs = 1_000_000;
    outcome = fail('storage.failed', 'broken');
    const admission = await admitWith(auditWith(mustBeWritten), action);
    expect(admission).toMatchObject({ kind: becomes });
    if (admission.kind === 'refused') expect(admission.refusal.statusMessage).toContain('cannot be audited');
  });

  it('waits for room on a full disk', async () => {
    nowMs = 1_000_000;
    outcome = fail('storage.full', 'no room');
    const admission = admitWith(auditWith(true), 'write');
    await eventually(() => expect(records).toHaveLength(1));
    outcome = ok(undefined);
    expect(await admission).toMatchObject({ kind: 'chosen' });
    expect(records).toHaveLength(2);
  });

  it('waits no longer than the request is good for', async () => {
    nowMs = 1_000_000;
    outcome = fail('storage.full', 'no room');
    const admission = admitWith(auditWith(true), 'write');
    await eventually(() => expect(records).toHaveLength(1));
    nowMs += 60_001;
    expect(await admission).toMatchObject({ kind: 'refused', refusal: { code: 'request.expired' } });
  });
});

describe('the audit of a node', () => {
  const node = 'web1.example.com';
  let bench: AgentBench;

  beforeEach(async () => {
    bench = await createAgentBench();
  });
  afterEach(() => bench.close());

  it('tells of requests that were allowed, refused, repeated or not believed, and proves intact', async () => {
    const agent = await bench.start(node, { agent: { agents: [vaultAgent] } });
    const state = join(bench.home.folder, 'nodes', node, 'state');
    const file = join(state, 'audit.log');
    await bench.asker.ask(node, { agent: 'vault', action: 'write', inputs: { door: 'front' } }, { secret: 'hush' });
    await bench.asker.ask(node, { agent: 'vault', action: 'burn', inputs: { secret: 'hush' } });
    await bench.asker.ask(node, { agent: 'vault', action: 'write', inputs: { door: 1 } }, { secret: 'hush\nhush' });
    const again = await bench.asker.send(bench.asker.request({ agent: 'vault', action: 'write', target: node }));
    await eventually(async () => expect(await readAudit(file, 'outcome')).toHaveLength(2));
    await bench.asker.sendBytes(again, { target: node });
    await eventually(async () => expect(await readAudit(file, 'repeated')).toHaveLength(1));
    const foreign = await createTestHome();
    const mallory = await bench.askerAs('alice', await foreign.signerOf('person', 'alice'));
    await mallory.send(mallory.request({ agent: 'vault', action: 'write', target: node }));
    await foreign.remove();
    await eventually(async () => expect(await readAudit(file, 'rejected')).toHaveLength(1));
    await agent.stop();
    expect(await readAudit(file, 'request')).toMatchObject([
      { allowed: true, action: 'write', inputs: { door: 'front', secret: '(sensitive)' } },
      { allowed: false, action: 'burn', code: 'request.unknown_action' },
      { allowed: false, action: 'write', code: 'request.invalid_input' },
      { allowed: true, action: 'write', inputs: {} },
    ]);
    expect(await readAudit(file, 'outcome')).toMatchObject([
      { caller: 'cert=alice', outcome: 'ok', statusCode: 0 },
      { caller: 'cert=alice', outcome: 'ok', statusCode: 0 },
    ]);
    expect(await readAudit(file, 'rejected')).toMatchObject([{ code: 'certificate.untrusted' }]);
    expect(await readFile(file, 'utf8')).not.toContain('hush');
    const certificates = [new X509Certificate(bench.home.authority.certificatePem)];
    expect(unwrap(await verifyAudit([file], { kind: 'authorities', certificates }))).toMatchObject({
      isIntact: true,
      writer: { role: 'node', name: node },
      notes: [],
    });
  });

  it('that cannot be opened stops the start', async () => {
    const configFile = await bench.home.addNode(node);
    await mkdir(join(bench.home.folder, 'nodes', node, 'state', 'audit.log'), { recursive: true });
    await expect(bench.startFrom(configFile)).rejects.toThrow('audit.log');
  });
});
