import { memberRoles, type Member } from '@muster/protocol/topology';
import type { IssuedRecord } from '@muster/runtime/authority';
import type { StaleConnections } from '../control/index.ts';
import { memberUser } from '../files/index.ts';

/** What the register of an authority says about the users of a broker, at one moment. */
export interface RegisteredUsers {
  /** Who holds a certificate that is good, by user. */
  readonly living: ReadonlyMap<string, Member>;
  /** Users of whom every certificate was taken back or has expired. */
  readonly gone: ReadonlySet<string>;
  /** Users with a good certificate, and one that was taken back after its holder may have connected. */
  readonly stale: readonly StaleConnections[];
  /** When the next certificate expires, in milliseconds since the epoch; null when none does. */
  readonly nextExpiryMs: number | null;
}

const isMember = (role: IssuedRecord['role']): role is Member['role'] => memberRoles.some((known) => known === role);

/** Reads from the register who may connect. Certificates count from when they are issued: their holders' clocks may be ahead. */
export function registeredUsers(records: readonly IssuedRecord[], nowMs: number): RegisteredUsers {
  const living = new Map<string, Member>();
  const revokedAtMs = new Map<string, number>();
  const known = new Set<string>();
  let nextExpiryMs: number | null = null;
  for (const { role, name, notAfter, revoked } of records) {
    if (!isMember(role)) continue;
    const user = memberUser({ role, name });
    known.add(user);
    const expiresMs = Date.parse(notAfter);
    if (expiresMs <= nowMs) continue;
    if (revoked === null) {
      living.set(user, { role, name });
      nextExpiryMs = Math.min(nextExpiryMs ?? Infinity, expiresMs);
    } else {
      revokedAtMs.set(user, Math.max(revokedAtMs.get(user) ?? 0, Date.parse(revoked.at)));
    }
  }
  return {
    living,
    gone: new Set([...known].filter((user) => !living.has(user))),
    stale: [...revokedAtMs].flatMap(([user, openedBeforeMs]) => (living.has(user) ? [{ user, openedBeforeMs }] : [])),
    nextExpiryMs,
  };
}
