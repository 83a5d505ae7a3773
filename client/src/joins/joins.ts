import { X509Certificate } from 'node:crypto';
import type { Answer, Ask, Waiting } from '@muster/protocol/enrolment';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import { fingerprintOf } from '@muster/runtime/crypto';
import { openAuthorityLine } from '@muster/runtime/enrolment';
import type { ConsoleAudit } from '../audit/index.ts';
import type { Effects } from '../effects.ts';
import type { ReadOnly } from '../guard/read-only.ts';

/** What became of a request to join. */
export type JoinDecision = Omit<Extract<Answer, { kind: 'decided' }>, 'kind'>;

/**
 * Requests to join the fleet, as its authority has them. All errors of the broker, and `authority.silent`, may come; and `console.read_only` where
 * something is decided.
 */
export interface Joins {
  /** Oldest first. Errors: `join.not_approver`. */
  list(): Promise<Result<readonly Waiting[]>>;
  /**
   * `replace`: takes back the certificates that the name has. Errors: `join.not_approver`, `join.unknown_request`, `join.identity_taken`; `storage.*`
   * when the audit cannot be written, for then nobody is let in.
   */
  approve(key: string, options: { readonly replace: boolean }): Promise<Result<JoinDecision>>;
  /** Errors: `join.not_approver`, `join.unknown_request`. */
  reject(key: string): Promise<Result<JoinDecision>>;
}

type Decision = Extract<Ask, { kind: 'approve' | 'reject' }>;

/** How long the authority is waited for, in milliseconds. */
const answerWithinMs = 10_000;

/** Speaks with the authority in a person's name, and writes down what is decided. */
export function createJoins(
  person: string,
  effects: Effects,
  { readOnly, audit }: { readonly readOnly: ReadOnly; readonly audit: Pick<ConsoleAudit, 'note'> },
): Joins {
  async function ask(what: Ask): Promise<Result<Exclude<Answer, { kind: 'refused' }>>> {
    const { signer, logger } = effects;
    const fingerprint = fingerprintOf(new X509Certificate(signer.certificate));
    const line = await openAuthorityLine(
      { role: 'person', name: person, fingerprint },
      { ...effects, onFault: ({ code, message }) => logger.warn({ code }, `of the authority: ${message}`) },
    );
    if (!line.ok) return line;
    try {
      return await line.value.ask(what, answerWithinMs);
    } finally {
      await line.value.close();
    }
  }

  const strange = (): Result<never> =>
    fail('message.malformed', 'The authority answered something else than was asked');

  async function askToDecide(what: Decision): Promise<Result<JoinDecision>> {
    const answer = await ask(what);
    if (!answer.ok) return answer;
    if (answer.value.kind !== 'decided') return strange();
    const { key, role, name, decision } = answer.value;
    return ok({ key, role, name, decision });
  }

  async function decide(what: Decision): Promise<Result<JoinDecision>> {
    const allowed = readOnly.checkChange('Deciding who joins');
    if (!allowed.ok) return allowed;
    const { kind: decision, key } = what;
    const replaces = what.kind === 'approve' ? { replaces: what.replace } : {};
    const written = await audit.note('join', { caller: callerOf(person), decision, key, ...replaces });
    // To turn somebody away lets nobody do anything.
    if (!written.ok && decision === 'approve') return written;
    const decided = await askToDecide(what);
    await audit.note('outcome', {
      of: 'join',
      ...(decided.ok ? decided.value : { key, code: decided.error.code, reason: decided.error.message }),
    });
    return decided;
  }

  return {
    async list() {
      const answer = await ask({ kind: 'list' });
      if (!answer.ok) return answer;
      return answer.value.kind === 'waiting' ? ok(answer.value.waiting) : strange();
    },
    approve: (key, { replace }) => decide({ kind: 'approve', key, replace }),
    reject: (key) => decide({ kind: 'reject', key }),
  };
}
