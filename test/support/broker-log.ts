import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/** What a private broker writes down of its own accord: the one witness of what never reaches a node or a console. */
export interface BrokerLog {
  /** Waits until so many entries match that came since the last call of this, or since the log was opened. */
  expects(pattern: RegExp, times?: number): Promise<void>;
}

/** Time, level and process: an entry of several lines has them before each. */
const headOfLine = /^\S+ \S+ \[\w+\] <[\d.]+> /;

async function entriesOf(home: string): Promise<readonly string[]> {
  const folder = join(home, 'broker', 'log');
  const name = (await readdir(folder)).find((one) => /^muster-\d+@[^_]*\.log$/.test(one));
  const lines = name === undefined ? [] : (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
  const entries: string[] = [];
  let head = '';
  for (const line of lines) {
    const next = headOfLine.exec(line)?.[0] ?? head;
    const isMore = next === head && entries.length > 0;
    if (isMore) entries.push(`${entries.pop() ?? ''} ${line.replace(head, '')}`);
    else entries.push(line);
    head = next;
  }
  return entries;
}

/** Opens the log of the broker in a home, at its end. */
export async function openBrokerLog(home: string): Promise<BrokerLog> {
  let seen = (await entriesOf(home)).length;
  return {
    async expects(pattern, times = 1) {
      let length = seen;
      await eventually(async () => {
        const entries = await entriesOf(home);
        length = entries.length;
        const matching = entries.slice(seen).filter((entry) => pattern.test(entry));
        const what = `entries that match ${pattern.source} among\n${entries.slice(seen).slice(-5).join('\n')}`;
        expect(matching.length, what).toBeGreaterThanOrEqual(times);
      });
      seen = length;
    },
  };
}
