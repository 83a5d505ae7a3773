import type { ActionDefinition } from '@muster/protocol/ddl';
import type { Request } from '@muster/protocol/messages';
import type { PolicyPlace } from '@muster/protocol/policy';

/** What a policy says of a request. Reason and rule are for audit and log; the caller learns only that it was denied. */
export interface Decision {
  readonly allowed: boolean;
  /** The line of a policy that decided; null or absent where none did. */
  readonly rule?: PolicyPlace | null;
  readonly reason: string;
}

/** Decides whether a caller may have an action run. The request has been verified and its inputs fit the DDL. */
export interface Authorizer {
  authorise(request: Request, action: ActionDefinition): Decision | Promise<Decision>;
  /** Decides whether a caller, `cert=NAME`, may cancel what another has asked for; nobody may when it is absent. */
  authoriseCancel?(caller: string, request: Request): Decision | Promise<Decision>;
}
