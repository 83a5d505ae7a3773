import { fail, ok, type Result } from '@muster/protocol/errors';
import { describe, expect, it } from 'vitest';
import { PagedRows, pageSize, type Slice } from './paged-rows.svelte.ts';

const numbers =
  (total: number, from = 0) =>
  (offset: number, limit: number) =>
    Promise.resolve(
      ok({ total, rows: Array.from({ length: Math.min(limit, total - offset) }, (_, index) => from + offset + index) }),
    );

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('PagedRows', () => {
  it('fetches the pages in sight, the next before it comes into sight, and no others', async () => {
    const asked: number[] = [];
    const rows = new PagedRows<number>();
    rows.ask((offset, limit) => {
      asked.push(offset);
      return numbers(1000)(offset, limit);
    });
    await settled();
    rows.show(450, 510);
    await settled();
    expect(asked).toEqual([0, 400, 500]);
    expect(rows.row(455)).toBe(455);
    expect(rows.row(300)).toBeUndefined();
    rows.show(540, 580);
    await settled();
    expect(asked).toEqual([0, 400, 500, 600]);
  });

  it('keeps rows that are as they were the same objects', async () => {
    const answers = [
      [{ name: 'a' }, { name: 'b' }],
      [{ name: 'a' }, { name: 'c' }],
      [{ name: 'a' }, { name: 'c' }],
    ];
    const rows = new PagedRows<{ name: string }>();
    rows.ask(() => Promise.resolve(ok({ total: 2, rows: answers.shift() ?? [] })));
    await settled();
    const first = rows.row(0);
    rows.refresh();
    await settled();
    expect(rows.row(0)).toBe(first);
    const second = rows.row(1);
    expect(second).toEqual({ name: 'c' });
    rows.refresh();
    await settled();
    expect(rows.row(1)).toBe(second);
  });

  it('keeps the old rows until the new answer is there, and drops answers that come too late', async () => {
    let answerFirst: (answer: Result<Slice<number>>) => void = () => undefined;
    const rows = new PagedRows<number>();
    rows.ask(numbers(10));
    await settled();
    rows.ask(() => new Promise((resolve) => (answerFirst = resolve)));
    expect(rows.row(3)).toBe(3);
    expect(rows.isOutdated).toBe(true);
    rows.ask(numbers(20, 100));
    await settled();
    answerFirst(ok({ total: 1, rows: [7] }));
    await settled();
    expect(rows.row(3)).toBe(103);
    expect(rows.total).toBe(20);
  });

  it('asks once more when rows became stale during a fetch', async () => {
    let version = 0;
    let fetches = 0;
    const rows = new PagedRows<number>();
    rows.ask(() => {
      fetches++;
      return Promise.resolve(ok({ total: 1, rows: [version] }));
    });
    await settled();
    version = 1;
    rows.refresh();
    version = 2;
    rows.refresh();
    await settled();
    expect(rows.row(0)).toBe(2);
    expect(fetches).toBe(3);
  });

  it('keeps a bounded number of pages', async () => {
    const rows = new PagedRows<number>();
    rows.ask(numbers(100_000));
    await settled();
    for (let page = 0; page < 100; page++) {
      rows.show(page * pageSize, page * pageSize);
      await settled();
    }
    expect(rows.loaded.length).toBe(40 * pageSize);
  });

  it('shows the fault and recovers', async () => {
    const rows = new PagedRows<number>();
    rows.ask(() => Promise.resolve(fail('storage.failed', 'no')));
    await settled();
    expect(rows.fault?.code).toBe('storage.failed');
    rows.ask(numbers(1));
    await settled();
    expect(rows.fault).toBeNull();
  });
});
