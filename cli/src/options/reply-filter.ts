import type { ResultDetail } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import {
  compileFilter,
  conditionsOf,
  parseFilter,
  splitPath,
  type Condition,
  type FilterNode,
} from '@muster/protocol/filter';
import { outcomes } from '@muster/protocol/messages';

/** Whether an answer is wanted. */
export type ReplyFilter = (answer: ResultDetail) => boolean;

/** What stands for a condition by itself: what became of the request on the node. */
const words: readonly string[] = [...new Set(['ok', 'failed', ...outcomes])];

/** What can be compared: as `--json` calls it, and in the words of a person. */
function propertiesOf({ identity, statusCode, statusMessage, outcome, arrival, elapsedMs, data }: ResultDetail) {
  return {
    sender: identity,
    ok: statusCode === 0,
    failed: statusCode !== 0,
    status: statusCode,
    statuscode: statusCode,
    message: statusMessage,
    statusmsg: statusMessage,
    outcome,
    arrival,
    elapsed: elapsedMs === null ? null : elapsedMs / 1000,
    data,
  };
}

const properties: ReadonlySet<string> = new Set([
  'sender',
  'ok',
  'failed',
  'status',
  'statuscode',
  'message',
  'statusmsg',
  'outcome',
  'arrival',
  'elapsed',
  'data',
] satisfies readonly (keyof ReturnType<typeof propertiesOf>)[]);

/** An answer as the filter language sees nodes: its words are classes, its properties are facts. */
function asNode(answer: ResultDetail): FilterNode {
  const { identity, statusCode, outcome } = answer;
  const word = statusCode === 0 ? 'ok' : 'failed';
  return {
    identity,
    collectives: [],
    agents: [],
    classes: outcome === null || outcome === word ? [word] : [word, outcome],
    facts: propertiesOf(answer),
  };
}

/** What a condition asks that no answer has; undefined when an answer can tell. */
function oddity(condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'data':
      return `the data plugin ${condition.plugin}`;
    case 'agent':
    case 'collective':
      return `@${condition.kind}`;
    case 'class':
      return condition.matcher.kind === 'exact' && !words.includes(condition.matcher.text)
        ? `"${condition.matcher.text}" alone`
        : undefined;
    case 'fact': {
      const [first = ''] = splitPath(condition.path);
      return properties.has(first) ? undefined : `"${first}"`;
    }
    case 'identity':
      return undefined;
  }
}

/**
 * The expression of `--filter-replies`: the filter language, over answers instead of nodes.
 *
 * Errors: those of the filter; `usage.invalid` for conditions that say nothing of an answer.
 */
export function readReplyFilter(text: string): Result<ReplyFilter> {
  const parsed = parseFilter(text);
  if (!parsed.ok) return parsed;
  for (const condition of conditionsOf(parsed.value)) {
    const odd = oddity(condition);
    if (odd === undefined) continue;
    return fail('usage.invalid', `Answers cannot be told apart by ${odd}`, {
      mend: 'They have data.OUTPUT, status, message, sender, outcome, arrival and elapsed, as in data.exitcode>0; alone stand ok, failed and outcomes such as timed_out.',
    });
  }
  const matches = compileFilter(parsed.value);
  if (!matches.ok) return matches;
  return ok((answer) => {
    const match = matches.value(asNode(answer));
    return match.ok && match.value;
  });
}
