import { fail, ok, type Result } from '@muster/protocol/errors';
import { conjunction, dataQueries, printFilter, type FilterExpression } from '@muster/protocol/filter';
import { randomId } from '@muster/runtime/crypto';
import type { Effects } from '../../effects.ts';
import type { Converse, VerifiedReply } from '../../requests/index.ts';
import { everyCondition, singleOption, type NodeSource, type SourceRequest } from '../node-source.ts';
import { AnswerWindow } from './answer-window.ts';

/** What discovery may use of the inventory: which nodes ought to answer; null when that is not known well enough. */
export type ExpectNodes = (filter: FilterExpression) => Promise<ReadonlySet<string> | null>;

/** Each question to data plugins lengthens the window by this much, in milliseconds: the time limit of Muster's own plugins. */
const dataPluginMs = 1000;

export const withAgent = (filter: FilterExpression, agent: string | undefined): FilterExpression =>
  agent === undefined ? filter : conjunction([filter, { kind: 'agent', matcher: { kind: 'exact', text: agent } }]);

export const inCollective = (filter: FilterExpression, collective: string): FilterExpression =>
  conjunction([filter, { kind: 'collective', matcher: { kind: 'exact', text: collective } }]);

function readWindow({ options }: SourceRequest): Result<{ slides: boolean }> {
  const window = singleOption(options, 'window') ?? 'sliding';
  if (window === 'sliding' || window === 'full') return ok({ slides: window === 'sliding' });
  return fail('usage.invalid', `The discovery option window is "${window.slice(0, 40)}"`, {
    mend: 'It is sliding or full.',
  });
}

/**
 * Resolves at the end of the window, or with why nothing was sent. A node's queue that does not confirm does not hold up the answers of
 * the others: the confirm is waited for only when nobody has answered, and somebody still wants to know.
 */
async function untilAnswered(
  sending: Promise<Result<void>>,
  windowEnded: Promise<void>,
  needsNoMore: () => boolean,
): Promise<Result<void>> {
  const first = await Promise.race([sending, windowEnded.then(() => null)]);
  if (first?.ok === false) return first;
  await windowEnded;
  return needsNoMore() ? ok(undefined) : sending;
}

/** Asks everybody and listens for a while. Option `window`: `sliding` (default) or `full`, which waits to the end. */
export function createBroadcastSource(parts: {
  readonly converse: Converse;
  readonly effects: Pick<Effects, 'clock' | 'randomBytes' | 'startTimer'>;
  /** The window when a request names none, in milliseconds. */
  readonly timeoutMs: number;
  readonly expectNodes: ExpectNodes;
  /** Told of each answer, for whoever keeps the inventory. */
  readonly onAnswer: (answer: VerifiedReply) => void;
}): NodeSource {
  const { converse, effects } = parts;

  async function find(request: SourceRequest): Promise<Result<readonly string[]>> {
    const wanted = readWindow(request);
    if (!wanted.ok) return wanted;
    const filter = withAgent(request.filter, request.agent);
    const windowMs = (request.timeoutMs ?? parts.timeoutMs) + dataQueries(filter).length * dataPluginMs;
    const expected = await parts.expectNodes(inCollective(filter, request.collective));
    const silent = expected === null ? null : new Set(expected);
    const found = new Set<string>();
    let window: AnswerWindow | null = null;

    const conversation = await converse({
      requestId: randomId(effects.randomBytes),
      collective: request.collective,
      agent: 'discovery',
      action: 'ping',
      inputs: {},
      filter: printFilter(filter),
      ttlMs: Math.max(60_000, windowMs),
      onReply: (answer) => {
        answer.acknowledge();
        const { sender, outcome } = answer.reply;
        if (outcome !== 'ok' || found.has(sender)) return;
        found.add(sender);
        silent?.delete(sender);
        parts.onAnswer(answer);
        request.onNode(sender);
        window?.heard(silent?.size === 0);
      },
    });
    if (!conversation.ok) return conversation;
    window = new AnswerWindow(effects, { windowMs, slides: wanted.value.slides, signal: request.signal });
    if (silent?.size === 0) window.expectNobody();
    const needsNoMore = () => found.size > 0 || request.signal?.aborted === true;
    const sent = await untilAnswered(conversation.value.broadcast(), window.ended, needsNoMore);
    window.close();
    await conversation.value.end();
    return sent.ok ? ok([...found]) : sent;
  }

  return { method: 'broadcast', conditions: everyCondition, options: ['window'], find };
}
