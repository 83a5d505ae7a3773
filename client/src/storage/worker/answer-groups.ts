import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import { messageField, type AnswerGroup, type EndpointParams, type EndpointResult } from '@muster/protocol/bridge';
import { canonical } from './canonical-json.ts';
import { boundChoice, chosenAnswers, type BoundChoice } from './chosen-answers.ts';
import { jsonColumn } from './json-column.ts';
import { createRunStamp } from './run-stamp.ts';
import type { NodeTableRow } from './run-rows.ts';

type Choice = Pick<EndpointParams<'runs.groups'>, 'runId' | 'states' | 'search' | 'filter' | 'ignore'>;
type AnswerRow = Pick<NodeTableRow, 'identity' | 'state' | 'status_code' | 'status_message' | 'data'>;

interface Gathered {
  /** The same for all answers that are alike. */
  readonly text: string;
  readonly answer: Omit<AnswerGroup, 'key' | 'nodes' | 'identities'>;
  /** Sorted. */
  readonly identities: string[];
}

/** How many names come with a group. */
const namesShown = 24;

const data = jsonColumn<AnswerGroup['data']>();

/** What counts of an answer. */
function answerOf(row: AnswerRow, ignored: ReadonlySet<string>): Gathered['answer'] {
  const all = data.read(row.data);
  return {
    state: row.state,
    statusCode: row.status_code,
    statusMessage: ignored.has(messageField) ? '' : row.status_message,
    data: ignored.size === 0 ? all : Object.fromEntries(Object.entries(all).filter(([output]) => !ignored.has(output))),
  };
}

const keyOf = ({ text }: Gathered): string => createHash('sha256').update(text).digest('hex');

const isAnswer = ({ answer }: Gathered): boolean => answer.statusCode !== null;

const told = (group: Gathered): AnswerGroup => ({
  key: keyOf(group),
  ...group.answer,
  nodes: group.identities.length,
  identities: group.identities.slice(0, namesShown),
});

/** Groups the answers of a run by what they say. */
export class AnswerGroups {
  readonly #rows;
  readonly #stampOf;
  /** What was grouped last: somebody looks at one run, and scrolls. */
  #last: { readonly stamp: string; readonly groups: readonly Gathered[] } = { stamp: '', groups: [] };

  constructor(db: Database) {
    this.#rows = db.prepare<[object], AnswerRow>(
      `SELECT identity, state, status_code, status_message, data ${chosenAnswers} ORDER BY identity`,
    );
    this.#stampOf = createRunStamp(db);
  }

  /** Errors: those of the filter. */
  slice(params: EndpointParams<'runs.groups'>): Result<EndpointResult<'runs.groups'>> {
    const found = this.#groups(params);
    if (!found.ok) return found;
    const groups = found.value;
    const majority =
      groups.find(({ answer }) => answer.state === 'ok') ?? groups.find((group) => isAnswer(group)) ?? null;
    return ok({
      total: groups.length,
      nodes: groups.reduce((sum, { identities }) => sum + identities.length, 0),
      groups: groups.slice(params.offset, params.offset + params.limit).map(told),
      majority: majority === null ? null : told(majority),
    });
  }

  /** Errors: those of the filter. */
  identities(params: EndpointParams<'runs.groupNodes'>): Result<readonly string[]> {
    const found = this.#groups(params);
    return found.ok ? ok(found.value.find((group) => keyOf(group) === params.key)?.identities ?? []) : found;
  }

  #groups(choice: Choice): Result<readonly Gathered[]> {
    const bound = boundChoice(choice);
    if (!bound.ok) return bound;
    const { ignore } = choice;
    const stamp = JSON.stringify([bound.value, ignore, this.#stampOf(choice.runId)]);
    if (stamp !== this.#last.stamp) this.#last = { stamp, groups: this.#gather(bound.value, new Set(ignore)) };
    return ok(this.#last.groups);
  }

  #gather(bound: BoundChoice, ignored: ReadonlySet<string>): readonly Gathered[] {
    const groups = new Map<string, Gathered>();
    // Nodes mostly answer the same, letter by letter: then nothing has to be parsed.
    const alike = new Map<string, Gathered>();
    for (const row of this.#rows.iterate(bound)) {
      const text = `${row.state} ${row.status_code ?? ''} ${row.data} ${row.status_message}`;
      let group = alike.get(text);
      if (group === undefined) {
        const answer = answerOf(row, ignored);
        const key = canonical([answer.state, answer.statusCode, answer.statusMessage, answer.data]);
        group = groups.get(key) ?? { text: key, answer, identities: [] };
        groups.set(key, group);
        alike.set(text, group);
      }
      group.identities.push(row.identity);
    }
    return [...groups.values()].sort((a, b) => b.identities.length - a.identities.length);
  }
}
