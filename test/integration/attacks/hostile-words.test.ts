import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileIdentity, startHostileFleet, type HostileFleet } from '../../support/agent/hostile-node.ts';
import { escapes, formulas, markup } from '../../support/agent/hostile-texts.ts';
import { muster } from '../cli/muster-process.ts';

/*
 * Somebody owns a node. Whatever it says of itself, in facts, classes, descriptions and answers, is meant to do harm where it is shown:
 * on a terminal, in a spreadsheet, in a page. The node and the broker are real, and so is what `muster` prints.
 */

let fleet: HostileFleet;

beforeAll(async () => {
  fleet = await startHostileFleet();
});
afterAll(() => fleet.stop());

/** Control characters other than tab and line feed, and characters that turn the direction of text. */
const unsafe = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n]]/v;
/** The line that the node wants to have stand by itself, as if Muster had said it. */
const forgedLine = /^OK: all is well/m;

const answer = ['rpc', 'hostile', 'answer', 'text=x'] as const;

describe('a terminal', () => {
  it.each([
    [answer, 0],
    [[...answer, '--table'], 0],
    [[...answer, '--json'], 0],
    [[...answer, '--jsonl'], 0],
    [[...answer, '--filter-replies', 'data.markup=~/img/'], 0],
    [['rpc', 'hostile', 'refuse'], 2],
    [['facts', 'os.family'], 0],
    [['inventory', hostileIdentity], 0],
    [['inventory', '--report', '--columns', 'identity,facts.os.family,classes'], 0],
    [['plugin', 'list'], 0],
    [['plugin', 'doc', 'hostile'], 0],
    [['find', '-F', 'os.family=~/owned/', '--json'], 0],
    [['runs', 'list'], 0],
  ] as const)('is shown what a node says and does nothing: %j', async (args, exitCode) => {
    const { code, out, err } = await muster(fleet.home, ...args);
    expect({ code, err }).toEqual({ code: exitCode, err: '' });
    expect(out).not.toBe('');
    expect(out).not.toMatch(unsafe);
    expect(out).not.toMatch(forgedLine);
  });

  it('is shown a stored run like one that has just come', async () => {
    const { out } = await muster(fleet.home, ...answer, '--json');
    const { request_stats } = JSON.parse(out) as { request_stats: { requestid: string } }; // as the reference has it
    const shown = await muster(fleet.home, 'runs', 'show', request_stats.requestid);
    expect(shown.out).toContain('owned');
    expect(shown.out).not.toMatch(unsafe);
    expect(shown.out).not.toMatch(forgedLine);
  });
});

describe('a program', () => {
  it('gets every character, and no prototype of its own', async () => {
    const { out } = await muster(fleet.home, ...answer, '--json');
    const { replies } = JSON.parse(out) as { replies: { data: Record<string, unknown> }[] }; // as the reference has it
    expect(replies[0]?.data).toEqual({
      markup,
      escapes,
      formulas,
      pollution: { constructor: { prototype: { owned: true } }, toString: 'x', hasOwnProperty: 1 },
      echo: 'x',
    });
  });
});

describe('a spreadsheet', () => {
  it('gets text in place of formulas', async () => {
    expect((await muster(fleet.home, 'inventory', '--refresh')).code).toBe(0);
    const columns = 'identity,facts.rack,facts.os.name';
    const { out } = await muster(fleet.home, 'inventory', '--report', '--columns', columns, '--csv');
    expect(out).toContain(`"'${(formulas[0] ?? '').replaceAll('"', '""')}"`);
    expect(out).not.toMatch(/(^|,)"?[=+@\t]/m);
  });
});

describe('a page', () => {
  it('of documentation holds text in place of markup', async () => {
    const { code, out } = await muster(fleet.home, 'plugin', 'doc', 'hostile', '--format', 'html');
    expect(code).toBe(0);
    expect(out).toContain('globalThis.owned');
    expect(out).not.toMatch(/<(script|img)/i);
    expect(out).not.toMatch(/href=["']?\s*javascript:/i);
  });

  it('of documentation in Markdown begins neither tags nor links', async () => {
    const { out } = await muster(fleet.home, 'plugin', 'doc', 'hostile', '--format', 'markdown');
    // What stands in a block of code is taken as it is.
    const [before = '', usage, after = ''] = out.split(/^```(?:text)?$/m);
    expect(usage).toContain(markup);
    for (const text of [before, after]) {
      expect(text).toContain('globalThis.owned');
      expect(text).not.toMatch(/(?<!\\)[<[]/);
    }
  });
});
