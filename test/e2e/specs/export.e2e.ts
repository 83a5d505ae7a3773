import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, browser, expect } from '@wdio/globals';
import { parse as parseCsv } from 'csv-parse/sync';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { parse as parseHtml, serialize } from 'parse5';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { useConsole } from '../console-session.ts';
import { exportPage } from '../export-page.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

/* Each form is exported from the window, saved by the browser, and read back by a parser that is not ours. */

interface Row {
  readonly identity: string;
  readonly state: string;
}

describe('exporting a run and the fleet', () => {
  const link = useConsole();
  const folder = mkdtempSync(join(tmpdir(), 'muster-export-'));
  let names: readonly string[] = [];

  before(async () => {
    await windowPage.open(link(), fleetSize);
    await exportPage.saveInto(folder);
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.ping', {});
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await browser.waitUntil(async () => (await $(parts.runHeader).getAttribute('data-state')) === 'finished');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  const exported = async (format: string): Promise<Buffer> => {
    await exportPage.open();
    return exportPage.exported(format, folder);
  };
  const text = async (format: string): Promise<string> => (await exported(format)).toString();

  it('shows a dialog that everybody can use', async () => {
    await exportPage.open();
    expect(await accessibilityFaults()).toEqual([]);
    await browser.keys('Escape');
    await $(parts.exportDialog).waitForExist({ reverse: true });
  });

  it('writes CSV', async () => {
    const rows = parseCsv<Record<string, string>>(await text('csv'), { columns: true });
    expect(rows.length).toBe(fleetSize);
    expect(rows.every((row) => row['state'] === 'ok')).toBe(true);
    names = rows.map((row) => row['identity'] ?? '');
  });

  it('writes JSON and NDJSON', async () => {
    const document = JSON.parse(await text('json')) as { rows: Row[]; count: number };
    expect(document.rows.map(({ identity }) => identity)).toEqual(names);
    const lines = (await text('ndjson')).trimEnd().split('\n');
    expect(lines.length).toBe(fleetSize + 2);
    expect((JSON.parse(lines[1] ?? '') as Row).identity).toBe(names[0]);
  });

  it('writes Markdown and a list of names', async () => {
    const tree = fromMarkdown(await text('markdown'), {
      extensions: [gfm()],
      mdastExtensions: [gfmFromMarkdown()],
    });
    const table = tree.children.findLast((node) => node.type === 'table');
    expect(table?.children.length).toBe(fleetSize + 1);
    const listed = (await text('names')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(listed).toEqual(names);
  });

  it('writes HTML that runs and loads nothing, and PDF', async () => {
    const page = serialize(parseHtml(await text('html')));
    expect(page).not.toContain('<script');
    for (const name of names) expect(page).toContain(name);
    const loading = getDocument({ data: new Uint8Array(await exported('pdf')), verbosity: 0 });
    const pages = await loading.promise;
    let words = '';
    for (let number = 1; number <= pages.numPages; number++) {
      const { items } = await (await pages.getPage(number)).getTextContent();
      words += items.map((item) => ('str' in item ? item.str : '')).join('');
    }
    for (const name of names) expect(words).toContain(name);
    await loading.destroy();
  });

  it('writes evidence', async () => {
    const lines = (await text('evidence')).trimEnd().split('\n');
    expect((JSON.parse(lines.at(-1) ?? '') as { kind: string }).kind).toBe('seal');
  });

  it('writes the nodes of the fleet that are selected, with the columns that are shown', async () => {
    await windowPage.goTo('fleet');
    const row = $(parts.fleetRow);
    await row.$('input[type=checkbox]').click();
    await $(parts.exportButton).click();
    const rows = parseCsv<Record<string, string>>(await exportPage.exported('csv', folder).then(String), {
      columns: true,
    });
    expect(rows.length).toBe(1);
    expect(names).toContain(rows[0]?.['identity']);
    expect(Object.keys(rows[0] ?? {}).some((name) => name.startsWith('facts.'))).toBe(true);
  });
});
