import { fail, ok, type Result } from '@muster/protocol/errors';
import { collectivePattern, enrolledRoles, identityPattern } from '@muster/protocol/identity';
import { z } from 'zod';

const pem = z
  .string()
  .min(1)
  .max(16 * 1024);

const joinFileShape = z.strictObject({
  muster: z.literal('join.v1'),
  /** Id of the invitation. */
  invitation: z.string().regex(identityPattern),
  role: z.enum(enrolledRoles),
  /** The name, or a glob of names, that it is for. */
  names: z.string().min(1).max(255),
  collectives: z.array(z.string().regex(collectivePattern)).min(1).max(100),
  broker: z.strictObject({
    urls: z
      .array(z.url({ protocol: /^amqps$/ }))
      .min(1)
      .max(50),
    serverName: z.string().min(1).optional(),
  }),
  /** Certificate of the authority, PEM. */
  ca: pem,
  /** Certificate of the invitation and its key, PEM: they are good for nothing but to ask for another certificate. */
  certificate: pem,
  key: pem,
  /** ISO 8601 in UTC. */
  expires: z.iso.datetime(),
});

/** An invitation to join a fleet, as a file. Whoever has it may ask, so it is for the invited alone. */
export type JoinFile = z.infer<typeof joinFileShape>;

/** Longest file, in bytes. */
export const joinFileBytes = 128 * 1024;

export const writeJoinFile = (file: JoinFile): string => `${JSON.stringify(file, null, 2)}\n`;

const unreadable = (why: string): Result<never> =>
  fail('join.unreadable', `The invitation cannot be read: ${why}`, {
    mend: 'Have it copied again, whole, or have another one made: muster ca invite.',
  });

/** Errors: `join.unreadable`. */
export function readJoinFile(text: string): Result<JoinFile> {
  if (text.length > joinFileBytes) return unreadable('it is too long');
  try {
    const read = joinFileShape.safeParse(JSON.parse(text));
    if (read.success) return ok(read.data);
    const [issue] = read.error.issues;
    return unreadable(`"${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`);
  } catch {
    return unreadable('it is not JSON');
  }
}
