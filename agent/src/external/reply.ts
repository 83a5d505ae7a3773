import { limits, nestsDeeper } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { statusCodes, statusTexts, type StatusCode } from '@muster/protocol/messages';
import { z } from 'zod';
import { ActionFailure, type ActionData } from '../plugins/index.ts';

const replyShape = z.looseObject({
  statuscode: z.int().min(0).max(5).default(0),
  statusmsg: z.string().default(''),
  data: z.record(z.string(), z.json()).nullish(),
});

const activationShape = z.looseObject({ activate: z.boolean() });

/** The text of a reply file. Errors: `message.malformed`; the message goes on where the program's name stands. */
export function parseReply(text: string): Result<unknown> {
  try {
    const document: unknown = JSON.parse(text);
    return nestsDeeper(document, limits.jsonDepth)
      ? fail('message.malformed', `wrote a reply that nests deeper than ${limits.jsonDepth} levels`)
      : ok(document);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return fail('message.malformed', `wrote a reply that is not JSON: ${reason}`);
  }
}

/** What an external agent's reply to a request comes to. */
export function readReply(agent: string, document: unknown): ActionData | ActionFailure {
  const reply = replyShape.safeParse(document);
  if (!reply.success) {
    const [issue] = reply.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
    return new ActionFailure(
      `The agent ${agent} wrote a reply of another form than the protocol's${where}: ${issue?.message ?? ''}`,
      statusCodes.unknownError,
      {},
    );
  }
  const { statuscode, statusmsg, data } = reply.data;
  if (statuscode === 0) return data ?? {};
  const status = statuscode as StatusCode; // an integer of 0 to 5, by the shape
  return new ActionFailure(statusmsg === '' ? statusTexts[status] : statusmsg, status, data ?? {});
}

/** Whether an external agent wants to be active; undefined when its answer says nothing of it. */
export function readActivation(document: unknown): boolean | undefined {
  const answer = activationShape.safeParse(document);
  return answer.success ? answer.data.activate : undefined;
}
