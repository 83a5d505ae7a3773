import { parse as parseCsv } from 'csv-parse/sync';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { parse as parseHtml } from 'parse5';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportFormatName, ReportOf } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { hostileWords, storeHostileRun } from '../../../test/support/client/hostile-run.ts';
import { openTestStorage, type TestStorage } from '../../../test/support/client/open-test-storage.ts';
import { createComparisons } from '../comparisons/index.ts';
import { parseNodeList } from '../discovery/index.ts';
import type { Storage } from '../storage/index.ts';
import { openReport } from './open-report.ts';

/* Every form is read back by a parser that had no part in writing it. */

let database: TestStorage;
let storage: Storage;
let runId: string;
const names = Object.keys(hostileWords).sort();

beforeAll(async () => {
  database = await openTestStorage(Date.now);
  ({ storage } = database);
  runId = await storeHostileRun(storage);
});
afterAll(() => database.close());

async function written(
  format: ReportFormatName,
  more: Partial<Extract<ReportOf, { kind: 'run' }>> = {},
): Promise<Buffer> {
  const sort = { by: '@identity', descending: false };
  const of: ReportOf = { kind: 'run', runId, states: [], search: '', sort, ...more };
  const tools = {
    storage,
    comparisons: createComparisons(storage),
    person: 'alice',
    clock: () => Date.UTC(2026, 10, 26, 15),
    timeZone: 'Europe/Berlin',
  };
  const opened = unwrap(await openReport(of, format, tools));
  const pieces: Buffer[] = [];
  for await (const piece of opened.pieces()) pieces.push(Buffer.from(piece));
  expect(opened.rowsRead).toBe(opened.report.total);
  return Buffer.concat(pieces);
}
const text = async (...of: Parameters<typeof written>): Promise<string> => (await written(...of)).toString();

/** What moves a terminal or turns text around; line breaks may be. */
const unseen = /[[\p{Cc}\u200b\u2028-\u202e\u2066-\u2069]--[\t\r\n]]/v;

describe('CSV', () => {
  it('has a line for each node, and nothing that a spreadsheet runs', async () => {
    const csv = await text('csv');
    expect(csv).not.toMatch(unseen);
    const rows = parseCsv<Record<string, string>>(csv, { columns: true, record_delimiter: '\r\n' });
    expect(rows.map(({ identity }) => identity)).toEqual(names);
    for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    const [bars] = rows;
    expect(bars).toMatchObject({
      state: 'ok',
      status_code: '0',
      elapsed_ms: '12.5',
      arrived_at: '1970-01-01T00:00:00.020Z',
    });
    expect(bars?.['data.text']).toBe(hostileWords['bars.example.com']?.replaceAll('\r', '\\u000d'));
    expect(Object.keys(bars ?? {})).toContain('data.__proto__');
  });

  it('has only what was chosen, in the order that was chosen', async () => {
    const of = {
      states: ['failed' as const],
      search: 'formula',
      sort: { by: '@identity', descending: true },
      columns: ['text'],
    };
    const rows = parseCsv<Record<string, string>>(await text('csv', of), { columns: true });
    expect(rows.map(({ identity }) => identity)).toEqual(names.filter((name) => name.startsWith('formula')).reverse());
    const selected = await text('csv', { identities: ['markup.example.com', 'nobody.example.com'] });
    expect(parseCsv<Record<string, string>>(selected, { columns: true }).map((row) => row['identity'])).toEqual([
      'markup.example.com',
    ]);
  });
});

describe('JSON', () => {
  it('has every word as it was said', async () => {
    const json = await text('json');
    expect(json).not.toMatch(unseen);
    const document = JSON.parse(json) as { rows: { identity: string; data: Record<string, unknown> }[]; about: object };
    expect(document).toMatchObject({
      format: 'muster.report.v1',
      kind: 'run',
      made_at: '2026-11-26T15:00:00.000Z',
      made_by: 'alice',
      about: { run: runId, person: 'alice', started: '2026-11-26T14:30:00.000Z', asked: names.length },
      count: names.length,
    });
    for (const { identity, data } of document.rows) expect(data['text']).toBe(hostileWords[identity]);
    expect(Object.getOwnPropertyDescriptor(document.rows[0]?.data, '__proto__')?.value).toEqual({ owned: true });
    expect(({} as { owned?: true }).owned).toBeUndefined();
  });

  it('keeps an output that is called as a part of every object', async () => {
    const { rows } = JSON.parse(await text('json', { columns: ['__proto__', 'toString'] })) as {
      rows: { data: object }[];
    };
    expect(Object.entries(rows[0]?.data ?? {})).toEqual([
      ['__proto__', { owned: true }],
      ['toString', 'x'],
    ]);
  });

  it('comes line by line, with an end', async () => {
    const lines = (await text('ndjson'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ line: 'head', kind: 'run', total: names.length });
    expect(lines.slice(1, -1).map(({ line, identity }) => [line, identity])).toEqual(
      names.map((name) => ['row', name]),
    );
    expect(lines.at(-1)).toEqual({ line: 'end', count: names.length });
  });
});

describe('Markdown', () => {
  it('has one table of all nodes, in which their words are words', async () => {
    const markdown = await text('markdown');
    expect(markdown).not.toMatch(unseen);
    const { children } = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
    const types = new Set<string>();
    const walk = (node: { type: string; children?: readonly unknown[] }): void => {
      types.add(node.type);
      for (const child of node.children ?? []) walk(child as typeof node);
    };
    children.forEach(walk);
    for (const type of ['html', 'link', 'linkReference', 'emphasis', 'strong', 'image', 'code', 'break'])
      expect(types).not.toContain(type);
    const tables = children.filter((node) => node.type === 'table');
    const rows = tables.at(-1)?.children ?? [];
    expect(rows).toHaveLength(names.length + 1);
    const wordsIn = (node: { value?: string; children?: readonly unknown[] }): string =>
      node.value ?? (node.children ?? []).map((child) => wordsIn(child as typeof node)).join('');
    const widths = new Set(rows.map((row) => row.children.length));
    expect(widths.size).toBe(1);
    expect(rows.slice(1).map((row) => wordsIn(row.children[0] ?? {}))).toEqual(names);
    const bars = rows[1]?.children.map(wordsIn) ?? [];
    expect(bars.some((cell) => cell.includes('a|b `c` ``d`` **e** _f_ [g](javascript:h)'))).toBe(true);
  });
});

interface Element {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Element[];
  readonly value?: string;
}

describe('HTML', () => {
  it('runs nothing, loads nothing, and says what the nodes said', async () => {
    const page = await text('html');
    expect(page).not.toMatch(unseen);
    const elements: Element[] = [];
    const walk = (element: Element): void => {
      elements.push(element);
      element.childNodes?.forEach(walk);
    };
    walk(parseHtml(page)); // of its tree, what this test needs
    const tags = new Set(elements.map(({ nodeName }) => nodeName));
    for (const tag of ['script', 'img', 'iframe', 'link', 'a', 'object', 'form', 'input', 'base'])
      expect(tags).not.toContain(tag);
    for (const { name } of elements.flatMap(({ attrs }) => attrs ?? []))
      expect(name).not.toMatch(/^on|^style$|href|src/);
    const policy = elements.flatMap(({ attrs: own = [] }) => own).find(({ value }) => value.includes('default-src'));
    expect(policy?.value).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    );
    const textOf = (element: Element): string =>
      element.value ?? (element.childNodes ?? []).map((child) => textOf(child)).join('');
    const rows = elements.filter(({ nodeName, childNodes }) => nodeName === 'tr' && childNodes?.[0]?.nodeName === 'th');
    const heads = rows.map((row) => textOf(row.childNodes?.[0] ?? row));
    expect(heads).toEqual(expect.arrayContaining(names));
    expect(page).toContain(runId);
    const markupRow = rows.find((row) => textOf(row).startsWith('markup.example.com'));
    expect(textOf(markupRow ?? { nodeName: '' })).toContain('<script>globalThis.owned=true</script>');
    expect(page).toContain('2026-11-26 15:30:00');
  });
});

describe('PDF', () => {
  it('has every node, and its words', async () => {
    const pdf = await written('pdf');
    const loading = getDocument({ data: new Uint8Array(pdf), useSystemFonts: false, verbosity: 0 });
    const document = await loading.promise;
    let all = '';
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      all += items.map((item) => ('str' in item ? item.str : '')).join(' ');
      expect(await page.getAnnotations()).toEqual([]);
    }
    const packed = all.replaceAll(/\s+/g, '');
    for (const name of names) expect(packed).toContain(name);
    expect(packed).toContain(runId);
    expect(packed).toContain('<script>globalThis.owned=true</script>');
    expect(packed).toContain('\\u{65e5}\\u{672c}\\u{8a9e}');
    const metadata = await document.getMetadata();
    expect(metadata.info).toMatchObject({ Title: 'rpcutil ping', Author: 'alice' });
    expect(await document.getJSActions()).toBeNull();
    await loading.destroy();
  });
});

describe('names', () => {
  it('can be read as a list of nodes, and tells their states', async () => {
    const list = await text('names');
    expect(unwrap(parseNodeList(list, 'the list')).toSorted()).toEqual(names);
    expect(list).toContain('# OK: 4');
    expect(list).toContain('# Failed: 5');
    expect(list).not.toMatch(unseen);
  });
});
