import { agentDdlSchema, dataDdlSchema, type PluginDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { registrationSchema } from '@muster/protocol/messages';
import { z } from 'zod';
import { readRecipient } from '../sealing/index.ts';
import type { VerifiedReply } from '../requests/index.ts';
import type { ReadNode, SignOfLife } from '../storage/index.ts';

const digests = registrationSchema.shape.digests;

/** What `rpcutil inventory` answers, as far as the inventory keeps it. */
const inventoryData = z.object({
  agents: z.array(z.string()),
  facts: z.record(z.string(), z.json()),
  classes: z.array(z.string()),
  collectives: z.array(z.string()),
  version: z.string(),
  digests,
});

/** What `rpcutil agent_inventory` answers: each agent with its whole DDL, and the DDLs of data plugins. */
const agentInventoryData = z.object({
  agents: z.array(z.object({ ddl: agentDdlSchema })),
  data_plugins: z.array(dataDdlSchema).default([]),
});

const pingData = z.object({ digests });

/**
 * How far a node's clock is ahead of ours, in milliseconds. A message cannot arrive before it was sent: the answer's way tells that the clock
 * is ahead by at least `issuedAtMs - arrivedAtMs`, the request's way by `receivedAtMs - askedAtMs` at most. What lies between and nearest to
 * no skew is told, so that a message that takes long makes no clock look wrong. Where only one way is known, the way counts as behind.
 */
const skewOf = ({ reply, arrivedAtMs, askedAtMs }: VerifiedReply): number => {
  const least = reply.issuedAtMs - arrivedAtMs;
  if (askedAtMs === undefined) return least;
  const most = reply.timings.receivedAtMs - askedAtMs;
  return least > 0 ? least : Math.min(0, most);
};

const certificateOf = ({ certificateUntilMs }: VerifiedReply) =>
  certificateUntilMs === undefined ? {} : { certificateUntilMs };

const unreadable = (answer: VerifiedReply, error: z.ZodError) => {
  const [issue] = error.issues;
  const where = issue?.path.join('.') ?? '';
  const { sender, agent, action } = answer.reply;
  return fail(
    'message.malformed',
    `${sender} answered ${agent} ${action} in an unknown form at "${where}": ${issue?.message ?? ''}`,
  );
};

const failed = ({ reply }: VerifiedReply) =>
  fail('message.malformed', `${reply.sender} did not answer ${reply.agent} ${reply.action}: ${reply.statusMessage}`);

/** An answer to `rpcutil inventory`. Errors: `message.malformed`. */
export function readNode(answer: VerifiedReply): Result<ReadNode> {
  if (answer.reply.outcome !== 'ok') return failed(answer);
  const parsed = inventoryData.safeParse(answer.reply.data);
  if (!parsed.success) return unreadable(answer, parsed.error);
  const { version, ...read } = parsed.data;
  return ok({
    identity: answer.reply.sender,
    atMs: answer.arrivedAtMs,
    agentVersion: version,
    clockSkewMs: skewOf(answer),
    ...certificateOf(answer),
    ...read,
  });
}

/** An answer to `rpcutil agent_inventory`. Errors: `message.malformed`. */
export function readPlugins(answer: VerifiedReply): Result<PluginDdl[]> {
  if (answer.reply.outcome !== 'ok') return failed(answer);
  const parsed = agentInventoryData.safeParse(answer.reply.data);
  if (!parsed.success) return unreadable(answer, parsed.error);
  return ok([...parsed.data.agents.map(({ ddl }) => ddl), ...parsed.data.data_plugins]);
}

/** What an answer to discovery tells of its node. */
export function readPing(answer: VerifiedReply): SignOfLife {
  const parsed = pingData.safeParse(answer.reply.data);
  const recipient = readRecipient(answer.reply);
  return {
    identity: answer.reply.sender,
    atMs: answer.arrivedAtMs,
    clockSkewMs: skewOf(answer),
    hasStopped: false,
    ...certificateOf(answer),
    ...(parsed.success ? { digests: parsed.data.digests } : {}),
    ...(recipient === undefined ? {} : { recipient }),
  };
}
