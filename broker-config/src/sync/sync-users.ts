import { isDeepStrictEqual } from 'node:util';
import { ok, type Result } from '@muster/protocol/errors';
import type { Member } from '@muster/protocol/topology';
import type { BrokerUsers } from '../control/index.ts';
import { memberDefinitions, memberUser, readMemberUser, type UserDefinitions } from '../files/index.ts';
import type { RegisteredUsers } from './registered-users.ts';

/** What bringing a broker up to date has done, by user. */
export interface SyncReport {
  /** Made, or given other rights. */
  readonly put: readonly string[];
  readonly removed: readonly string[];
  /** Had a connection from before one of their certificates was taken back. */
  readonly closed: readonly string[];
  /** Look like ours and are in no register, told once: nobody has a certificate for them, so they are let be. */
  readonly unknown: readonly string[];
}

/** Brings the users of one broker up to date, time and again. */
export interface UserSync {
  /** Errors: `broker.control`; the broker is compared with the register anew next time. */
  bring(registered: RegisteredUsers): Promise<Result<SyncReport>>;
  /** Forgets what the broker is known to have, so that it is asked next time. */
  forget(): void;
}

/** What one user may do, for comparison. */
type Shape = Readonly<Record<'permissions' | 'topics', readonly object[]>>;

function shapesOf({ users, permissions, topic_permissions: topics }: UserDefinitions): Map<string, Shape> {
  const shapes = new Map(users.map(({ name }) => [name, { permissions: [] as object[], topics: [] as object[] }]));
  for (const { user, configure, write, read } of permissions)
    shapes.get(user)?.permissions.push({ configure, write, read });
  for (const { user, exchange, write, read } of topics) shapes.get(user)?.topics.push({ exchange, write, read });
  return shapes;
}

/** Whether a user has what is wanted; topics of exchanges that are no longer wanted do no harm. */
const suffices = (has: Shape | undefined, wanted: Shape): boolean =>
  has !== undefined &&
  isDeepStrictEqual(has.permissions, wanted.permissions) &&
  wanted.topics.every((topic) => has.topics.some((one) => isDeepStrictEqual(one, topic)));

export function createUserSync(broker: BrokerUsers, collectives: readonly string[]): UserSync {
  let known: Map<string, Shape> | null = null;
  /** For whose connections was looked already, and from before which moment. */
  const dealtWith = new Map<string, number>();
  const toldOf = new Set<string>();

  async function bring(
    { living, gone, stale }: RegisteredUsers,
    there: Map<string, Shape>,
  ): Promise<Result<SyncReport>> {
    const wanted = shapesOf(memberDefinitions([...living.values()], collectives));
    const lacking: Member[] = [...living].flatMap(([user, member]) => {
      const shape = wanted.get(user);
      return shape === undefined || suffices(there.get(user), shape) ? [] : [member];
    });
    if (lacking.length > 0) {
      const put = await broker.put(memberDefinitions(lacking, collectives));
      if (!put.ok) return put;
    }
    const removed = [...gone].filter((user) => there.has(user));
    if (removed.length > 0) {
      const done = await broker.remove(removed);
      if (!done.ok) return done;
    }
    const closed = await broker.close(
      stale.filter(({ user, openedBeforeMs }) => dealtWith.get(user) !== openedBeforeMs),
    );
    if (!closed.ok) return closed;
    const put = lacking.map(memberUser);
    for (const user of put) there.set(user, wanted.get(user) ?? { permissions: [], topics: [] });
    for (const user of removed) there.delete(user);
    for (const { user, openedBeforeMs } of stale) dealtWith.set(user, openedBeforeMs);
    const unknown = [...there.keys()].filter(
      (user) => readMemberUser(user) !== undefined && !living.has(user) && !toldOf.has(user),
    );
    for (const user of unknown) toldOf.add(user);
    return ok({ put, removed, closed: closed.value, unknown });
  }

  return {
    async bring(registered) {
      if (known === null) {
        const listed = await broker.list();
        if (!listed.ok) return listed;
        known = shapesOf(listed.value);
      }
      const brought = await bring(registered, known);
      if (!brought.ok) known = null;
      return brought;
    },
    forget() {
      known = null;
    },
  };
}
