import type { Database } from 'better-sqlite3';
import type { FactPath } from '@muster/protocol/bridge';
import { factPathOf, readStoredName } from './column-names.ts';
import { typesOf } from './value-types.ts';

/** The most paths that are told of at once. */
const mostPaths = 10_000;

/** Reads which facts there are without reading the facts. */
export function createFigures(db: Database) {
  const figures = db.prepare<[], { id: number; types: number; nodes: number }>(`
    SELECT column_id AS id, types, sum(nodes) AS nodes
    FROM column_segments INDEXED BY column_segments_figures WHERE nodes > 0 GROUP BY column_id, types`);
  const nameOf = db.prepare<[number], string>('SELECT name FROM columns WHERE id = ?').pluck();

  return (): FactPath[] => {
    const columns = new Map<number, { types: number; nodes: number }>();
    for (const { id, types, nodes } of figures.iterate()) {
      const known = columns.get(id) ?? { types: 0, nodes: 0 };
      columns.set(id, { types: known.types | types, nodes: known.nodes + nodes });
    }
    const paths = [...columns].flatMap(([id, { types, nodes }]) => {
      const path = factPathOf(readStoredName(nameOf.get(id) ?? ''));
      return path === null ? [] : [{ value: path, nodes, types: typesOf(types) }];
    });
    if (paths.length > mostPaths) paths.sort((a, b) => b.nodes - a.nodes).splice(mostPaths);
    return paths.sort((a, b) => (a.value < b.value ? -1 : 1));
  };
}
