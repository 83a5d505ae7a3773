import type { Answer } from '@muster/protocol/enrolment';
import type { Principal } from '@muster/protocol/identity';
import type { AuthorityFolder, IssuedRecord } from '../authority/index.ts';
import type { AuditDetails } from '../audit/index.ts';

/** Whoever asks, before an authority that is open for as long as it takes to decide. */
export interface Case {
  readonly authority: AuthorityFolder;
  readonly principal: Principal;
  readonly approvers: readonly string[];
  readonly nowMs: number;
}

/** What the authority says, and what it did that has to be written down. */
export interface Decided {
  readonly answer: Answer;
  /** Absent where nothing changed. */
  readonly audit?: { readonly kind: 'issued' | 'held' | 'approved' | 'rejected'; readonly details: AuditDetails };
  /** What the one is told who waits for this decision, by the fingerprint of the key. */
  readonly tell?: { readonly key: string; readonly answer: Answer };
}

const dayMs = 24 * 3_600_000;

/** Whether a certificate can be used now. */
export const isLiving = ({ revoked, notAfter }: IssuedRecord, nowMs: number): boolean =>
  revoked === null && Date.parse(notAfter) >= nowMs;

/** The certificates that a holder has now. */
export const livingOf = (
  { authority, nowMs }: Pick<Case, 'authority' | 'nowMs'>,
  holder: { readonly role: string; readonly name: string },
): readonly IssuedRecord[] =>
  authority.register.issuedTo(holder.name).filter((record) => record.role === holder.role && isLiving(record, nowMs));

/** For how many days a certificate was given. */
export const daysOf = ({ at, notAfter }: IssuedRecord): number => (Date.parse(notAfter) - Date.parse(at)) / dayMs;
