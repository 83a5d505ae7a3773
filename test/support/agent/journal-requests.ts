import type { Request } from '@muster/protocol/messages';
import type { Answered, Asked } from '@muster/agent/requests';

/** A request of alice's as the journal sees one: its number is its id. */
export const numbered = (number: number, overrides: Partial<Request> = {}): Request => ({
  protocol: 'muster.request.v1',
  sender: 'alice',
  caller: 'cert=alice',
  collective: 'muster',
  issuedAtMs: 1_000_000,
  ttlMs: 60_000,
  nonce: '0'.repeat(32),
  requestId: number.toString(16).padStart(32, '0'),
  agent: 'service',
  action: 'restart',
  inputs: {},
  target: null,
  filter: '',
  replyTo: 'reply.alice.aa',
  ...overrides,
});

/** What the journal keeps of such a request, to answer it. */
export const askedBy = ({ requestId, caller, agent, action, collective, replyTo, ...times }: Request): Asked => ({
  requestId,
  caller,
  agent,
  action,
  collective,
  replyTo,
  receivedAtMs: times.issuedAtMs,
  forgetAtMs: times.issuedAtMs + times.ttlMs + 10_000 + 3_600_000,
});

/** A happy end of such a request, with that text as its data. */
export const answerTo = (request: Request, text = 'done'): Answered => ({
  asked: askedBy(request),
  ending: {
    outcome: 'ok',
    statusCode: 0,
    statusMessage: 'OK',
    data: { text },
    startedAtMs: request.issuedAtMs + 1,
    finishedAtMs: request.issuedAtMs + 2,
  },
});
