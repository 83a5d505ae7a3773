import type { ReportColumn, ReportRow } from '../report.ts';
import { dataValue } from '../values.ts';

type Members = Record<string, unknown>;

/** Without a prototype, so that an output may be called `__proto__` and is a member like any other. */
const noMembers = (): Members => Object.create(null) as Members; // Object.create gives any

/** A row as an object: each value where its column says, or under its id. */
export function jsonRow(columns: readonly ReportColumn[], { values }: ReportRow): object {
  const row = noMembers();
  columns.forEach(({ id, path = [id], kind }, at) => {
    let inside = row;
    for (const name of path.slice(0, -1)) {
      // Only objects of our own are on the way: no column has a path through the value of another one.
      inside = (inside[name] ??= noMembers()) as Members;
    }
    inside[path.at(-1) ?? id] = dataValue(kind, values[at]);
  });
  return row;
}
