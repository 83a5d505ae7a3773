import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

/** A secret of the console's home, and what of it to look for: any spelling that a page could hold of it. */
interface Secret {
  readonly file: string;
  readonly probes: readonly string[];
}

/** Long enough to be found nowhere by chance; short enough that a snapshot does not cut it. */
const probeLength = 32;

function probesOf(text: string): readonly string[] {
  const [, body] = /-----BEGIN [A-Z ]+-----\n([\s\S]+?)\n-----END/.exec(text) ?? [];
  if (body === undefined) return [text.trim()];
  // Of a private key the end counts: what stands before it is the same in all of its kind.
  const bytes = Buffer.from(body, 'base64');
  return [
    body.slice(-probeLength),
    ...(['base64url', 'hex'] as const).map((form) => bytes.toString(form).slice(-probeLength)),
  ];
}

async function secretsIn(home: string): Promise<readonly Secret[]> {
  const files = await readdir(home, { recursive: true });
  return Promise.all(
    files
      .filter((file) => /\.(key|password|cookie)$/.test(file))
      .map(async (file) => ({ file, probes: probesOf(await readFile(join(home, file), 'utf8')) })),
  );
}

/** Everything that the page's heap holds: a snapshot as JSON. */
async function heap(): Promise<string> {
  // Chromium's own command; WebdriverIO takes what it gives for an object.
  const snapshot: unknown = await browser.takeHeapSnapshot();
  return String(snapshot);
}

const found = (secrets: readonly Secret[], text: string): string[] =>
  secrets.filter(({ probes }) => probes.some((probe) => text.includes(probe))).map(({ file }) => file);

describe('secrets of the console', () => {
  const link = useConsole();
  let secrets: readonly Secret[];

  before(async () => {
    secrets = await secretsIn(surroundings().home);
    await windowPage.open(link(), fleetSize);
  });

  it('are not in the heap of a window that was used', async () => {
    await $(parts.fleetRow).click();
    await windowPage.goTo('catalogue');
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await windowPage.goTo('history');
    expect(secrets.map(({ file }) => file)).toContain('persons/demo.key');
    expect(found(secrets, await heap())).toEqual([]);
  });

  it('would be found if they were', async () => {
    const key = await readFile(join(surroundings().home, 'persons/demo.key'), 'utf8');
    await browser.execute((text) => {
      Object.assign(globalThis, { leaked: { text } });
    }, key);
    expect(found(secrets, await heap())).toEqual(['persons/demo.key']);
  });
});
