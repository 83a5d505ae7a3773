import type { EndpointParams } from '@muster/protocol/bridge';

/** The SQL of a sort order of answers; outputs are found in the JSON of the answer by a path that is bound as `@path`. */
export function orderOf(sort: EndpointParams<'runs.results'>['sort']): { sql: string; path: string | null } {
  const direction = sort.descending ? 'DESC' : 'ASC';
  switch (sort.by) {
    case '@identity':
      return { sql: `identity ${direction}`, path: null };
    case '@state':
      return { sql: `state ${direction}, identity`, path: null };
    case '@elapsed':
      return { sql: `elapsed_ms IS NULL, elapsed_ms ${direction}, identity`, path: null };
    default:
      return {
        sql: `json_extract(data, @path) IS NULL, json_extract(data, @path) ${direction}, identity`,
        path: `$.${JSON.stringify(sort.by)}`,
      };
  }
}
