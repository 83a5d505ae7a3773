import type { EndpointParams, EndpointResult } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { PolicySources } from '@muster/protocol/policy';
import type { ChainReport, ConsoleAudit } from '../../audit/index.ts';

/** Policies: tried here, and signed for nodes that take them. */
export interface PolicyDesk {
  /** What a node of the inventory would decide. Errors: `node.unknown`, `request.unknown_action`, `request.invalid_input`. */
  check(question: EndpointParams<'policies.check'>): Promise<Result<EndpointResult<'policies.check'>>>;
  /**
   * Signs the files of a folder in the name of the person; gives the bundle in Base64, for action `install` of agent `policies`.
   * Errors: `policy.syntax` when nodes could not use all of it, `frame.oversized`; those of a signer.
   */
  sign(sources: PolicySources): Promise<Result<{ readonly bundle: string; readonly version: number }>>;
}

/** What was done with this console, written down and signed. See docs/guide/audit.md. */
export interface EngineAudit {
  /** Errors: `storage.*`, `home.in_use`. */
  note: ConsoleAudit['note'];
  noteSome: ConsoleAudit['noteSome'];
  /** What all processes of the home wrote, unverified. Errors: `audit.unreadable`. */
  records(query: EndpointParams<'audit.records'>): Promise<Result<EndpointResult<'audit.records'>>>;
  /** Errors: `audit.unreadable`, those of reading the authorities' certificates. */
  verify(): Promise<Result<readonly ChainReport[]>>;
}
