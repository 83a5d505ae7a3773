import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld } from '../testing/memory-surroundings.ts';

async function join(...flags: string[]) {
  const world = memoryWorld();
  const code = await runMuster(['keys', 'join', 'alice.join', ...flags], world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

describe('muster keys join', () => {
  it('takes no password on the command line, says what does, and repeats none', async () => {
    const refused = await join('--proxy', 'https://alice:sesame@proxy.example.com:3129');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('--proxy-password-file FILE') as string });
    expect(refused.err).not.toContain('sesame');
    const asJson = await join('--proxy', 'https://alice:sesame@proxy.example.com:3129', '--json');
    expect(asJson.out).toContain('"usage.invalid"');
    expect(asJson.out).not.toContain('sesame');
  });

  it('wants the proxy named where there are flags for one', async () => {
    expect((await join('--proxy-allow-http')).err).toContain('--proxy URL');
  });
});
