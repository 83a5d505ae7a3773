import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../../test/support/agent/agent-bench.ts';
import { readAudit } from '../../../test/support/agent/read-audit.ts';
import { defineAgent } from '../plugins/index.ts';

const node = 'web1.example.com';
const text = {
  type: 'string',
  prompt: 'x',
  description: 'x',
  optional: true,
  validation: '.',
  maxlength: 50,
} as const;

/** Gives back what it gets, which no sensible agent does. */
const parrot = defineAgent(
  {
    kind: 'agent',
    name: 'parrot',
    description: 'For tests',
    author: 'x',
    license: 'x',
    version: '1',
    url: '',
    timeout: 200,
    actions: [
      {
        name: 'say',
        description: 'Says it',
        effect: 'read',
        inputs: { word: text, secret: { ...text, sensitive: true } },
        outputs: { said: { description: 'x', display_as: 'x', type: 'hash' } },
      },
    ],
  },
  { say: ({ inputs }) => ({ said: { ...inputs } }) },
);

let bench: AgentBench;
beforeEach(async () => {
  bench = await createAgentBench();
});
afterEach(() => bench.close());

const start = (yaml = '') => bench.start(node, { yaml, agent: { agents: [parrot] } });
const say = (inputs: Request['inputs'], secrets?: Request['inputs']) =>
  bench.asker.ask(node, { agent: 'parrot', action: 'say', inputs }, secrets);
const audited = () => readAudit(join(bench.home.folder, 'nodes', node, 'state', 'audit.log'), 'request');

describe('a node', () => {
  it('opens what is sealed to it, and writes none of it down', async () => {
    await start();
    expect(await say({}, { secret: 'hush', word: 'also hidden' })).toMatchObject({
      outcome: 'ok',
      data: { said: { secret: 'hush', word: 'also hidden' } },
    });
    expect(await audited()).toMatchObject([{ allowed: true, inputs: { secret: '(sensitive)', word: '(sensitive)' } }]);
    expect(JSON.stringify(await audited())).not.toMatch(/hush|also hidden/);
  });

  it('opens it after a restart as well', async () => {
    const agent = await start();
    await agent.stop();
    const configFile = join(bench.home.folder, 'nodes', node, 'agent.yaml');
    await bench.startFrom(configFile, { agents: [parrot] });
    expect(new Set(bench.asker.registrations.map(({ recipient }) => recipient)).size).toBe(1);
    expect(await say({}, { secret: 'hush' })).toMatchObject({ outcome: 'ok' });
  });

  it('checks what it opened against the description', async () => {
    await start();
    expect(await say({}, { secret: 'x'.repeat(51) })).toMatchObject({ outcome: 'invalid' });
    expect(await say({}, { odd: 'x' })).toMatchObject({ outcome: 'invalid' });
  });

  it('refuses what was sealed for another request, or twice, and audits that', async () => {
    await start();
    const first = bench.asker.request({ target: node, agent: 'parrot', action: 'say' });
    const sealed = await bench.asker.seal(node, first, { secret: 'hush' });
    expect(await bench.asker.ask(node, { agent: 'parrot', action: 'say', sealed })).toMatchObject({
      outcome: 'refused',
      statusMessage: 'The sensitive inputs are sealed for another request',
    });
    expect(await say({ word: 'plain' }, { word: 'sealed' })).toMatchObject({
      outcome: 'refused',
      statusMessage: 'The input word came both sealed and in plain',
    });
    expect(await audited()).toMatchObject([
      { allowed: false, code: 'sealing.unreadable', caller: 'cert=alice' },
      { allowed: false, code: 'sealing.unreadable' },
    ]);
  });

  it('refuses what it cannot open, and what is no file of age', async () => {
    await start();
    const other = await bench.start('web2.example.com', { agent: { agents: [parrot] } });
    const request = bench.asker.request({ target: node, agent: 'parrot', action: 'say' });
    const sealed = await bench.asker.seal(other.identity, request, { secret: 'hush' });
    expect(await bench.asker.ask(node, { ...request, sealed })).toMatchObject({
      outcome: 'refused',
      statusMessage: 'The sensitive inputs are sealed for another key than this node has',
    });
    expect(await bench.asker.ask(node, { agent: 'parrot', action: 'say', sealed: 'AAAA' })).toMatchObject({
      outcome: 'refused',
    });
  });

  it('takes sensitive inputs in plain only where its configuration says so', async () => {
    const agent = await start();
    expect(await say({ secret: 'hush' })).toMatchObject({ outcome: 'refused' });
    expect(await audited()).toMatchObject([{ allowed: false, code: 'sealing.required' }]);
    await agent.stop();
    await start('sealing: { required: false }');
    expect(await say({ secret: 'hush' })).toMatchObject({ outcome: 'ok', data: { said: { secret: 'hush' } } });
  });
});
