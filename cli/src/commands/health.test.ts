import type { Health, NodeHealth } from '@muster/protocol/bridge';
import { ok } from '@muster/protocol/errors';
import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';
import { smallFleet } from '../testing/small-fleet.ts';

const asOfMs = 1_700_000_000_000;
const dayMs = 86_400_000;

const well: Health = {
  asOfMs,
  isCurrent: true,
  fleet: {
    total: 3,
    counts: {
      ...{ heard: 3, silent: 0, stopped: 0, skewed: 0, unmeasured: 0 },
      ...{ expiring: 0, expired: 0, uncertified: 0 },
    },
    worstSkewMs: 12,
    nextExpiryMs: asOfMs + 90 * dayMs,
    versions: [{ version: '1.0.0', nodes: 3 }],
    versionCount: 1,
  },
  missing: { total: 0, identities: [] },
  refused: { sinceMs: asOfMs - dayMs, messages: [], nodes: 0, runs: [] },
  console: {
    certificates: [
      {
        use: 'own',
        role: 'person',
        name: 'alice',
        fingerprint: 'f'.repeat(64),
        notBeforeMs: 0,
        notAfterMs: asOfMs + 90 * dayMs,
      },
    ],
    storage: null,
    audit: null,
  },
};

const node = (identity: string, more: Partial<NodeHealth> = {}): NodeHealth => ({
  identity,
  agentVersion: '1.0.0',
  clockSkewMs: 3,
  lastSeenMs: asOfMs,
  heardWithinMs: 600_000,
  stoppedAtMs: null,
  certificateUntilMs: null,
  ...more,
});

async function muster(line: string, told: Health, nodes: readonly NodeHealth[] = []) {
  const asked: unknown[] = [];
  const health: ReturnType<typeof smallFleet>['health'] = {
    get: () => Promise.resolve(ok(told)),
    nodes(question) {
      asked.push(question);
      const rows = nodes.slice(question.offset, question.offset + question.limit);
      return Promise.resolve(ok({ total: nodes.length, rows }));
    },
    identities: () => Promise.resolve(ok(nodes.map(({ identity }) => identity))),
  };
  const world = memoryWorld({ engine: { ...smallFleet(), health } });
  const code = await runMuster(line.split(' '), world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text(), asked };
}

describe('muster health', () => {
  it('says how fleet and console do', async () => {
    const { code, out } = await muster('health', well);
    expect(code).toBe(0);
    expect(out).toContain('Nodes         3: 3 heard, 0 silent, 0 stopped\n');
    expect(out).toContain('Versions      1.0.0 (3)\n');
    expect(out).toContain('Database      works\n');
  });

  it.each([
    ['a silent node', { fleet: { ...well.fleet, counts: { ...well.fleet.counts, silent: 1 } } }],
    ['a certificate that ends', { fleet: { ...well.fleet, counts: { ...well.fleet.counts, expiring: 1 } } }],
    ['a node that a group names and nobody heard of', { missing: { total: 1, identities: ['ghost'] } }],
    [
      'a database that does not work',
      { console: { ...well.console, storage: { code: 'storage.full', message: 'The disk is full' } as const } },
    ],
  ])('ends with 1 for %s', async (_what, change) => {
    expect((await muster('health --json', { ...well, ...change })).code).toBe(1);
  });

  it('gives the same as JSON', async () => {
    const { out } = await muster('health --json', { ...well, missing: { total: 1, identities: ['ghost'] } });
    expect(JSON.parse(out)).toMatchObject({
      as_of: '2023-11-14T22:13:20.000Z',
      current: true,
      nodes: { total: 3, heard: 3, never_heard: 1 },
      never_heard: ['ghost'],
      versions: [{ version: '1.0.0', nodes: 3 }],
      certificates: [{ use: 'own', role: 'person', name: 'alice' }],
      storage: null,
    });
  });

  it('lists the nodes behind a figure, however many', async () => {
    const many = Array.from({ length: 501 }, (_unused, at) => node(`web${at}`));
    const { code, out, asked } = await muster('health --nodes version=1.0.0 --json', well, many);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveLength(501);
    expect(asked).toEqual([
      { aspect: 'version', version: '1.0.0', asOfMs, offset: 0, limit: 500 },
      { aspect: 'version', version: '1.0.0', asOfMs, offset: 500, limit: 500 },
    ]);
  });

  it('shows no control characters of a node, says when there is none, and knows its figures', async () => {
    const { out } = await muster('health --nodes silent', well, [node('web1', { agentVersion: '1\u001B[2J' })]);
    expect(out).toContain('web1');
    expect(out).not.toContain('\u001B');
    expect((await muster('health --nodes silent', well)).code).toBe(1);
    const wrong = await muster('health --nodes asleep', well);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('Nodes cannot be listed for "asleep"');
  });
});
