import { fail, ok, type Result } from '../errors/index.ts';
import {
  compileFilter,
  conditionsOf,
  parsePlacedFilter,
  splitPath,
  type Condition,
  type FilterNode,
} from '../filter/index.ts';
import type { Outcome } from '../messages/index.ts';
import { nodeStates, type Arrival, type NodeState } from '../run/index.ts';

/** What a filter asks of one node's part in a run. `statusCode`, `outcome` and `elapsedMs` are null while there is no answer. */
export interface FilteredAnswer {
  readonly identity: string;
  readonly state: NodeState;
  readonly statusCode: number | null;
  readonly statusMessage: string;
  readonly outcome: Outcome | null;
  readonly arrival: Arrival | null;
  readonly elapsedMs: number | null;
  /** Looked at only by filters that ask for it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Whether an answer is wanted. */
export type AnswerFilter = (answer: FilteredAnswer) => boolean;

/** What stands for a condition by itself: how the action ended, or where the node stands. */
export const answerWords: readonly string[] = [...new Set(['ok', 'failed', ...nodeStates])];

/** What can be compared: as `--json` calls it, and in the words of a person. */
export const answerProperties = [
  'sender',
  'ok',
  'failed',
  'state',
  'status',
  'statuscode',
  'message',
  'statusmsg',
  'outcome',
  'arrival',
  'elapsed',
  'data',
] as const;

type Properties = Readonly<Record<(typeof answerProperties)[number], unknown>>;

function propertiesOf(answer: FilteredAnswer): Properties {
  const { identity, state, statusCode, statusMessage, outcome, arrival, elapsedMs } = answer;
  return {
    sender: identity,
    ok: statusCode === 0,
    failed: statusCode !== null && statusCode !== 0,
    state,
    status: statusCode,
    statuscode: statusCode,
    message: statusMessage,
    statusmsg: statusMessage,
    outcome,
    arrival,
    elapsed: elapsedMs === null ? null : elapsedMs / 1000,
    // Reading it may cost: it is JSON in a database.
    get data() {
      return answer.data;
    },
  };
}

function wordsOf({ state, statusCode, outcome }: FilteredAnswer): readonly string[] {
  const result = statusCode === null ? [] : [statusCode === 0 ? 'ok' : 'failed'];
  return [...new Set([...result, state, ...(outcome === null ? [] : [outcome])])];
}

/** An answer as the filter language sees nodes: its words are classes, its properties are facts. */
const asNode = (answer: FilteredAnswer): FilterNode => ({
  identity: answer.identity,
  collectives: [],
  agents: [],
  classes: wordsOf(answer),
  facts: propertiesOf(answer),
});

/** What a condition asks that no answer has; undefined when an answer can tell. */
function oddity(condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'data':
      return `the data plugin ${condition.plugin}`;
    case 'agent':
    case 'collective':
      return `@${condition.kind}`;
    case 'class':
      return condition.matcher.kind === 'exact' && !answerWords.includes(condition.matcher.text)
        ? `"${condition.matcher.text}" alone`
        : undefined;
    case 'fact': {
      const [first = ''] = splitPath(condition.path);
      return answerProperties.some((name) => name === first) ? undefined : `"${first}"`;
    }
    case 'identity':
      return undefined;
  }
}

/**
 * The filter language over the answers of a run instead of nodes; a blank text is every answer.
 *
 * Errors: those of the filter; `usage.invalid`, with its place in the text, for conditions that say nothing of an answer.
 */
export function readAnswerFilter(text: string): Result<AnswerFilter> {
  const parsed = parsePlacedFilter(text);
  if (!parsed.ok) return parsed;
  const { filter, placeOf } = parsed.value;
  for (const condition of conditionsOf(filter)) {
    const odd = oddity(condition);
    if (odd === undefined) continue;
    const position = placeOf(condition);
    return fail('usage.invalid', `Answers cannot be told apart by ${odd}`, {
      mend: 'They have data.OUTPUT, state, status, message, sender, outcome, arrival and elapsed, as in data.exitcode>0; alone stand ok, failed and states such as timed_out or no_answer.',
      ...(position === undefined ? {} : { position }),
    });
  }
  const matches = compileFilter(filter);
  if (!matches.ok) return matches;
  return ok((answer) => {
    const match = matches.value(asNode(answer));
    return match.ok && match.value;
  });
}
