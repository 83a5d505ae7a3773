import type { ActionDefinition } from '@muster/protocol/ddl';
import type { Request } from '@muster/protocol/messages';

/** What a policy says of a request. The reason is for audit and log; the caller learns only that it was denied. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** Decides whether a caller may have an action run. The request has been verified and its inputs fit the DDL. */
export interface Authorizer {
  authorise(request: Request, action: ActionDefinition): Decision | Promise<Decision>;
  /** Decides whether a caller, `cert=NAME`, may cancel what another has asked for; nobody may when it is absent. */
  authoriseCancel?(caller: string, request: Request): Decision | Promise<Decision>;
}

/**
 * Allows everybody to whom the fleet's authority issued a person's certificate.
 *
 * That is the whole policy until nodes read policy files: whoever must not run actions must not hold such a certificate.
 */
export const allowCertified: Authorizer = { authorise: () => ({ allowed: true }) };
