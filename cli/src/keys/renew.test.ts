import { describe, expect, it } from 'vitest';
import { fail, ok } from '@muster/protocol/errors';
import type { Engine } from '@muster/client/engine';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';
import { scriptedEngine } from '../testing/scripted-engine.ts';

const dayMs = 86_400_000;
/** When the clock of the surroundings begins. */
const nowMs = 1_700_000_000_000;

/** A certificate of 90 days with so many days left. */
const leaving = (days: number, renew: Engine['certificate']['renew'] = () => Promise.resolve(ok(0))) => ({
  notAfterMs: nowMs + days * dayMs,
  renewalDueMs: nowMs + (days - 30) * dayMs,
  renew,
});

async function muster(certificate: Engine['certificate'], ...args: string[]) {
  const world = memoryWorld({ engine: scriptedEngine({ nodes: [], ddls: [], certificate }) });
  const code = await runMuster(args, world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

describe('muster keys renew', () => {
  it('has the authority give the next certificate, and says until when it holds', async () => {
    const certificate = leaving(90, () => Promise.resolve(ok(nowMs + 90 * dayMs)));
    expect(await muster(certificate, 'keys', 'renew')).toEqual({
      code: 0,
      out: 'Expires  2024-02-12T22:13:20.000Z\n',
      err: '',
    });
    expect((await muster(certificate, 'keys', 'renew', '--json')).out).toBe(
      '{"notAfter":"2024-02-12T22:13:20.000Z"}\n',
    );
  });

  it('says why there is none', async () => {
    const silent = leaving(90, () => Promise.resolve(fail('authority.silent', 'The authority did not answer')));
    expect(await muster(silent, 'keys', 'renew')).toMatchObject({
      code: 1,
      err: expect.stringContaining('did not answer') as string,
    });
  });
});

describe('a certificate that ends soon', () => {
  it('is told of on STDERR once its renewal is due, by whatever works with it', async () => {
    const soon = await muster(leaving(20), 'runs', 'list');
    expect(soon.err).toBe(
      'muster: the certificate of this console holds until 2023-12-04, in 19 days. Renew it: muster keys renew\n',
    );
    expect((await muster(leaving(20), 'runs', 'list', '--json')).out).not.toContain('renew');
    expect((await muster(leaving(31), 'runs', 'list')).err).toBe('');
  });

  it('is told of no earlier than 30 days before', async () => {
    const ofTwoYears = { ...leaving(100), renewalDueMs: nowMs - dayMs };
    expect((await muster(ofTwoYears, 'runs', 'list')).err).toBe('');
  });
});
