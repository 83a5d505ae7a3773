import type { Database } from 'better-sqlite3';
import { readAnswerFilter, type AnswerFilter, type FilteredAnswer } from '@muster/protocol/answers';
import { jsonColumn } from './json-column.ts';
import type { NodeTableRow } from './run-rows.ts';

type Data = FilteredAnswer['data'];

const data = jsonColumn<Data>();

/** Longer data is not kept, in characters: what many nodes answer alike is short. */
const longestKept = 4096;
const mostKept = 2000;

/** Reads data; nodes mostly answer the same, letter by letter, and then it is parsed once. */
function createDataReader(): (text: string) => Data {
  const known = new Map<string, Data>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const read = data.read(text);
    if (text.length > longestKept) return read;
    if (known.size >= mostKept) known.clear();
    known.set(text, read);
    return read;
  };
}

/**
 * Defines `answer_matches(filter, identity, state, status_code, status_message, outcome, arrival, elapsed_ms, data)`, so that
 * a filter over answers can stand in SQL. A text that is no filter matches nothing.
 */
export function defineAnswerMatches(db: Database): void {
  const readData = createDataReader();
  let last: { readonly text: string; readonly matches: AnswerFilter } = { text: '', matches: () => true };
  const filterOf = (text: string): AnswerFilter => {
    if (text === last.text) return last.matches;
    const read = readAnswerFilter(text);
    last = { text, matches: read.ok ? read.value : () => false };
    return last.matches;
  };
  db.function(
    'answer_matches',
    { deterministic: true },
    (
      filter: string,
      identity: string,
      state: NodeTableRow['state'],
      statusCode: number | null,
      statusMessage: string,
      outcome: NodeTableRow['outcome'],
      arrival: NodeTableRow['arrival'],
      elapsedMs: number | null,
      text: string,
    ) => {
      const isWanted = filterOf(filter)({
        identity,
        state,
        statusCode,
        statusMessage,
        outcome,
        arrival,
        elapsedMs,
        get data() {
          return readData(text);
        },
      });
      return isWanted ? 1 : 0;
    },
  );
}
