import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { browser } from '@wdio/globals';
import type { AxeResults } from 'axe-core';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the browser complained of since it was last asked: errors, warnings and violations of the security policy. */
export async function complaintsOfBrowser(): Promise<string[]> {
  // What chromedriver's log of a page consists of.
  const entries = (await browser.getLogs('browser')) as { level: string; source: string; message: string }[];
  return entries
    .filter(({ level }) => level === 'SEVERE' || level === 'WARNING')
    .map(({ level, source, message }) => `${level} ${source}: ${message}`);
}

/** What axe finds wrong with the page as it is now, one line for each element. */
export async function accessibilityFaults(): Promise<string[]> {
  await browser.execute(axeSource);
  // The script above has made `axe` a global of the page.
  const results = await browser.execute(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}
