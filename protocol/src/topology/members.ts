import type { Role } from '../identity/index.ts';
import { authorityPermissions, authorityTopicPermissions, joinPermissions, joinTopicPermissions } from './enrolment.ts';
import { nodeRights, personRights, type Rights } from './permissions.ts';

/** Who connects to a broker as what they are. Brokers themselves connect to those of other sites alone. */
export type MemberRole = Exclude<Role, 'broker'>;

/** Somebody who may connect, as their certificate has it. */
export interface Member {
  readonly role: MemberRole;
  readonly name: string;
}

/** What the broker allows one user to have open at the same time. */
export interface MemberLimits {
  readonly 'max-connections': number;
  readonly 'max-channels': number;
}

/**
 * Connections that were lost count until the broker misses their heartbeats, so that a node needs more than the one it has. An
 * invitation may be for many machines that are installed at the same time.
 */
const limitsOf: Readonly<Record<MemberRole, MemberLimits>> = {
  node: { 'max-connections': 10, 'max-channels': 200 },
  person: { 'max-connections': 200, 'max-channels': 10_000 },
  authority: { 'max-connections': 10, 'max-channels': 200 },
  join: { 'max-connections': 2000, 'max-channels': 4000 },
};

const rightsOf: Readonly<Record<MemberRole, (name: string, collectives: readonly string[]) => Rights>> = {
  node: nodeRights,
  person: personRights,
  authority: () => ({ permissions: authorityPermissions, topics: authorityTopicPermissions }),
  join: (invitation) => ({ permissions: joinPermissions(invitation), topics: joinTopicPermissions(invitation) }),
};

export const memberRoles: readonly MemberRole[] = ['person', 'node', 'authority', 'join'];

export const memberRights = ({ role, name }: Member, collectives: readonly string[]): Rights =>
  rightsOf[role](name, collectives);

export const memberLimits = ({ role }: Member): MemberLimits => limitsOf[role];
