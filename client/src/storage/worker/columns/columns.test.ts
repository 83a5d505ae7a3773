import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import {
  compileFilter,
  dataQueries,
  evaluateFilter,
  joinPath,
  parseFilter,
  printFilter,
  type FilterExpression,
  type FilterNode,
} from '@muster/protocol/filter';
import { likelyFilter, nodes as anyNode } from '../../../../../test/contract/filter-arbitraries.ts';
import type { ReadNode } from '../../stores/fleet.ts';
import { createInventoryReads } from '../inventory-reads.ts';
import { createInventoryWrites } from '../inventory-writes.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/index.ts';
import { ColumnCache } from './column-cache.ts';

let db: Database.Database;
let writes: ReturnType<typeof createInventoryWrites>;
let reads: ReturnType<typeof createInventoryReads>;

function openInventory(): void {
  db = new Database(':memory:');
  unwrap(migrate(db, migrations, 0, () => ''));
  writes = createInventoryWrites(db);
  reads = createInventoryReads(db);
}
beforeEach(openInventory);
afterEach(() => db.close());

const digests = { facts: 'f', classes: 'c', agents: 'a', collectives: 'm' };
const readOf = (identity: string, more: Partial<FilterNode> = {}): ReadNode => ({
  identity,
  atMs: 1000,
  agentVersion: '1.0.0',
  clockSkewMs: 0,
  digests,
  collectives: more.collectives ?? ['muster'],
  facts: more.facts ?? {},
  classes: more.classes ?? [],
  agents: more.agents ?? [],
});
const matching = (filter: string): string => unwrap(reads.identitiesMatching(filter)).join(' ');

/** What evaluating the filter on every node gives. */
function expected(filter: string, fleet: ReadonlyMap<string, FilterNode>): string {
  const parsed = unwrap(parseFilter(filter));
  return [...fleet]
    .filter(([, node]) => unwrap(evaluateFilter(parsed, node)))
    .map(([identity]) => identity)
    .sort()
    .join(' ');
}

/** A node as it looks after it was sent: JSON knows no `undefined`, no minus zero, and no prototypes. */
const overTheWire = (node: FilterNode, identity: string): FilterNode => {
  const { collectives, facts, classes, agents } = node;
  return {
    identity,
    ...(JSON.parse(JSON.stringify({ collectives, facts, classes, agents })) as Omit<FilterNode, 'identity'>), // what was just written
  };
};

const word = fc.constantFrom('x', 'y', 'b', '7', 7, null);

/** Facts in which one path leads to several places. */
const collidingFacts = fc.record(
  {
    'os.name': fc.oneof(word, fc.constant({ x: 1 })),
    os: fc.oneof(word, fc.record({ name: word })),
    'a.b.0': word,
    a: fc.oneof(fc.array(fc.record({ b: word }), { maxLength: 2 }), fc.record({ b: fc.oneof(word, fc.array(word)) })),
  },
  { requiredKeys: [] },
);
const collidingFilter: fc.Arbitrary<FilterExpression> = fc.record({
  kind: fc.constant('fact'),
  path: fc.constantFrom('os.name', 'os', 'os\\.name', 'a.b', 'a.b.0', 'a.0.b', 'a.0', 'a\\.b\\.0'),
  operator: fc.constantFrom('=', '!=', '<='),
  value: fc.constantFrom('x', 'b', '7', 'name'),
});

const cases = Number(process.env['MUSTER_FUZZ'] ?? 2_000);

describe('what columns select', () => {
  it('is what the evaluator selects, through every change of nodes', { timeout: 30_000 + cases * 20 }, () => {
    const filters = fc.oneof(
      likelyFilter.filter((filter) => dataQueries(filter).length === 0 && compileFilter(filter).ok),
      collidingFilter,
    );
    const someNode = fc.tuple(anyNode, fc.oneof(fc.constant({}), collidingFacts)).map(([node, facts]) => ({
      ...node,
      facts: { ...node.facts, ...facts },
    }));
    const steps = fc.array(fc.tuple(fc.nat({ max: 9 }), someNode), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(steps, { minLength: 1, maxLength: 3 }),
        fc.array(filters, { minLength: 8 }),
        (changes, asked) => {
          db.close();
          openInventory();
          const fleet = new Map<string, FilterNode>();
          for (const batch of changes) {
            const stored = new Map<string, FilterNode>();
            for (const [number, node] of batch) {
              const identity = number < 5 ? `web${number}` : `db${number}.eu`;
              stored.set(identity, overTheWire(node, identity));
            }
            writes.storeNodes([...stored].map(([identity, node]) => readOf(identity, node)));
            for (const [identity, node] of stored) fleet.set(identity, node);
            for (const filter of asked.map(printFilter))
              expect([filter, matching(filter)]).toEqual([filter, expected(filter, fleet)]);
          }
        },
      ),
      { numRuns: Math.ceil(cases / 10) },
    );
  });

  it('is the same when columns hardly fit into memory, and over many segments', () => {
    reads = createInventoryReads(db, 1);
    const fleet = new Map<string, FilterNode>();
    for (let number = 0; number < 1500; number++) {
      const node = readOf(`n${String(number).padStart(4, '0')}`, {
        facts: { number, parity: number % 2 === 0 ? 'even' : 'odd', ...(number % 400 === 7 ? { rare: [number] } : {}) },
        classes: number % 3 === 0 ? ['third'] : [],
      });
      fleet.set(node.identity, node);
    }
    for (let start = 0; start < 1500; start += 200)
      writes.storeNodes([...fleet.values()].slice(start, start + 200).map((node) => readOf(node.identity, node)));
    const filters = [
      'number>=700 and parity=odd',
      'rare=407 or number=3',
      'not third and number<20',
      'rare.0>1000',
      '@identity=n[0500-0520]',
    ];
    for (const filter of filters) expect(matching(filter)).toBe(expected(filter, fleet));
    const changed = readOf('n0407', { facts: { number: 'none' } });
    writes.storeNodes([changed]);
    fleet.set('n0407', changed);
    for (const filter of filters) expect(matching(filter)).toBe(expected(filter, fleet));
  });

  it('knows literal names with dots, steps into lists, and facts that are deeper than columns go', () => {
    let deep: unknown = { leaf: 'x' };
    for (let depth = 0; depth < 15; depth++) deep = { d: deep };
    const path = joinPath([...Array.from({ length: 15 }, () => 'd'), 'leaf']);
    writes.storeNodes([
      readOf('a', { facts: { 'os.name': 'literal', os: { name: 'nested' } } }),
      readOf('b', { facts: { os: { name: 'nested' }, nets: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] } }),
      readOf('c', { facts: { ...(deep as object), 'os.name': null, os: { name: 'nested' } } }),
    ]);
    expect(matching('os.name=nested')).toBe('b');
    expect(matching('os.name=literal')).toBe('a');
    expect(matching('nets.1.ip=10.0.0.2')).toBe('b');
    expect(matching('nets=ip')).toBe('b');
    expect(matching(`${path}=x`)).toBe('c');
    expect(matching('os=name')).toBe('a b c');
  });
});

it('keeps no more columns in memory than it may, and those that are used', () => {
  writes.storeNodes(
    Array.from({ length: 600 }, (_, number) =>
      readOf(`n${number}`, { facts: { a: number, b: `b${number}`, c: number } }),
    ),
  );
  const boundBytes = 100_000;
  const cache = new ColumnCache(db, boundBytes);
  const { column } = cache.fact('a');
  for (const path of ['b', 'a', 'c', 'a']) {
    cache.fact(path);
    expect(cache.sizeBytes).toBeLessThanOrEqual(boundBytes);
  }
  expect(cache.fact('a').column).toBe(column);
  const { column: other } = cache.fact('b');
  writes.storeNodes([readOf('n7', { facts: { a: 'new', b: 'b7', c: 7 } })]);
  expect(cache.fact('b').column).toBe(other);
  expect(cache.fact('a').column).not.toBe(column);
});

describe('a filter with data plugins', () => {
  it('counts the nodes that may match, and says that only the fleet can tell', () => {
    writes.storeNodes([readOf('a', { facts: { os: 'Debian' } }), readOf('b', { facts: { os: 'RedHat' } })]);
    const count = (filter: string) => unwrap(reads.countNodes(filter));
    expect(count('os=Debian')).toEqual({ matching: 1, total: 2, needsFleet: false });
    expect(count("os=Debian and fstat('/x').size>0")).toEqual({ matching: 1, total: 2, needsFleet: true });
    expect(count("os=Debian and not fstat('/x').size>0")).toEqual({ matching: 1, total: 2, needsFleet: true });
    expect(count("not (os=Debian or fstat('/x').size>0)")).toEqual({ matching: 1, total: 2, needsFleet: true });
    expect(reads.identitiesMatching("fstat('/x').size>0")).toMatchObject({
      ok: false,
      error: { code: 'filter.needs_fleet' },
    });
  });
});

describe('what is known of facts', () => {
  beforeEach(() =>
    writes.storeNodes([
      readOf('a', {
        facts: { cpus: 16, os: { name: 'Debian' }, ips: ['10.0.0.1', '10.0.0.2'], 'a.b': null },
        classes: ['base', 'web'],
      }),
      readOf('b', {
        facts: { cpus: '8', os: { name: 'SLES' }, ips: ['10.0.0.1'], up: true },
        classes: ['base'],
        collectives: ['muster', 'eu'],
      }),
      readOf('c', { facts: { cpus: 'web10', os: 'none' } }),
      readOf('d', { facts: { cpus: 'web9' } }),
    ]),
  );

  it('tells paths with types and numbers of nodes', () => {
    expect(unwrap(reads.factPaths())).toEqual([
      { value: 'cpus', nodes: 4, types: ['text', 'number'] },
      { value: 'ips', nodes: 2, types: ['list'] },
      { value: 'os', nodes: 3, types: ['text', 'hash'] },
      { value: 'os.name', nodes: 2, types: ['text'] },
      { value: 'up', nodes: 1, types: ['boolean'] },
    ]);
    writes.storeNodes([readOf('b', {})]);
    expect(unwrap(reads.factPaths()).map(({ value, nodes }) => `${value} ${nodes}`)).toEqual([
      'cpus 3',
      'ips 1',
      'os 2',
      'os.name 1',
    ]);
  });

  it('counts values among the nodes that match', () => {
    expect(unwrap(reads.factValues('ips', 1, ''))).toEqual({ values: [{ value: '10.0.0.1', nodes: 2 }], distinct: 2 });
    expect(unwrap(reads.factValues('os', 10, ''))).toEqual({
      values: [
        { value: 'name', nodes: 2 },
        { value: 'none', nodes: 1 },
      ],
      distinct: 2,
    });
    expect(unwrap(reads.classes('cpus=16'))).toEqual([
      { value: 'base', nodes: 1 },
      { value: 'web', nodes: 1 },
    ]);
    expect(unwrap(reads.collectives(''))).toEqual([
      { value: 'eu', nodes: 1 },
      { value: 'muster', nodes: 4 },
    ]);
    expect(unwrap(reads.facets({ filter: 'base', paths: ['os.name', 'nosuch'], limit: 5 }))).toEqual({
      matching: 2,
      total: 4,
      needsFleet: false,
      facts: [
        {
          path: 'os.name',
          values: [
            { value: 'Debian', nodes: 1 },
            { value: 'SLES', nodes: 1 },
          ],
          distinct: 2,
        },
        { path: 'nosuch', values: [], distinct: 0 },
      ],
      classes: {
        values: [
          { value: 'base', nodes: 2 },
          { value: 'web', nodes: 1 },
        ],
        distinct: 2,
      },
      agents: { values: [], distinct: 0 },
      collectives: {
        values: [
          { value: 'muster', nodes: 2 },
          { value: 'eu', nodes: 1 },
        ],
        distinct: 2,
      },
    });
  });

  it('sorts numbers by size, then texts with the numbers inside them by size, then what is missing', () => {
    writes.storeNodes([readOf('e', { facts: {} }), readOf('f', { facts: { cpus: 8 } })]);
    const list = (descending: boolean, by = 'cpus') => {
      const sort = { by, descending };
      const { rows } = unwrap(
        reads.listNodes({ filter: '', columns: ['os'], lists: ['classes'], sort, offset: 0, limit: 10 }),
      );
      return rows.map(({ identity }) => identity).join('');
    };
    expect(list(false)).toBe('bfadce');
    expect(list(true)).toBe('cdabfe');
    expect(list(true, '@identity')).toBe('fedcba');
    expect(list(false, 'nosuch')).toBe('abcdef');
  });

  it('shows hashes as a whole, and the lists that were asked for', () => {
    const sort = { by: '@identity', descending: false };
    const { rows } = unwrap(
      reads.listNodes({
        filter: '@identity=a',
        columns: ['os', 'cpus'],
        lists: ['classes'],
        sort,
        offset: 0,
        limit: 1,
      }),
    );
    expect(rows).toEqual([
      {
        identity: 'a',
        agentVersion: '1.0.0',
        firstSeenMs: 1000,
        lastSeenMs: 1000,
        clockSkewMs: 0,
        facts: { os: '{"name":"Debian"}', cpus: '16' },
        lists: { classes: ['base', 'web'] },
      },
    ]);
  });
});

it('nodes of which only signs of life are known have no facts, and match what that says', () => {
  writes.noteSigns([{ identity: 'a', atMs: 5 }]);
  expect(matching('not os=Debian')).toBe('a');
  expect(matching('@agent=mcollective')).toBe('a');
  expect(unwrap(reads.getNode('a'))).toMatchObject({ facts: {}, classes: [], syncedAtMs: null });
});
