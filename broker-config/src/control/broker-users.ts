import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { z } from 'zod';
import { vhost, type UserDefinitions } from '../files/index.ts';
import type { RabbitmqCtl } from './rabbitmqctl.ts';

/** Connections of a user that were opened before a moment, in milliseconds since the epoch. */
export interface StaleConnections {
  readonly user: string;
  readonly openedBeforeMs: number;
}

/** The users of a broker, through its command line. */
export interface BrokerUsers {
  /** What every user may do, in an order that means nothing; those without permissions are there too. */
  list(): Promise<Result<UserDefinitions>>;
  /** Makes users, or makes them anew with other rights, all at once. */
  put(users: UserDefinitions): Promise<Result<void>>;
  /** Takes users off, which closes their connections. Those that are not there are passed over. */
  remove(users: readonly string[]): Promise<Result<void>>;
  /** Closes all connections of users who have such; who still may connect does so again. Gives who these users were. */
  close(stale: readonly StaleConnections[]): Promise<Result<readonly string[]>>;
}

const usersShape = z.array(z.object({ user: z.string(), tags: z.array(z.string()) }));
const permissionsShape = z.array(
  z.object({ user: z.string(), configure: z.string(), write: z.string(), read: z.string() }),
);
const topicsShape = z.array(z.object({ user: z.string(), exchange: z.string(), write: z.string(), read: z.string() }));
const connectionsShape = z.array(z.object({ user: z.string(), connected_at: z.number() }));

/** How many users one call names: an expression of many thousands takes Erlang long to read. */
const usersAtOnce = 500;

const chunksOf = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / usersAtOnce) }, (_unused, at) =>
    items.slice(at * usersAtOnce, (at + 1) * usersAtOnce),
  );

/** A text as a binary of Erlang's. Throws for one that would need escapes: names of users of ours do not. */
function binary(text: string): string {
  if (!/^[\w.,=-]+$/.test(text)) throw new Error(`"${text}" is no user of ours`);
  return `<<"${text}">>`;
}

const removal = (users: readonly string[]): string => `
lists:foreach(
  fun(User) -> (catch rabbit_auth_backend_internal:delete_user(User, <<"muster">>)) end,
  [${users.map(binary).join(', ')}]),
ok.
`;

export function createBrokerUsers(ctl: RabbitmqCtl): BrokerUsers {
  async function listed<T>(shape: z.ZodType<T>, ...args: readonly string[]): Promise<Result<T>> {
    const printed = await ctl(['--silent', '--formatter', 'json', ...args]);
    if (!printed.ok) return printed;
    try {
      return ok(shape.parse(JSON.parse(printed.value)));
    } catch (thrown) {
      return fail(
        'broker.control',
        `rabbitmqctl ${args[0] ?? ''} said what we do not understand: ${faultFrom(thrown).message}`,
      );
    }
  }

  return {
    async list() {
      const users = await listed(usersShape, 'list_users');
      if (!users.ok) return users;
      const permissions = await listed(permissionsShape, 'list_permissions', '-p', vhost);
      if (!permissions.ok) return permissions;
      const topics = await listed(topicsShape, 'list_topic_permissions', '-p', vhost);
      if (!topics.ok) return topics;
      return ok({
        users: users.value.map(({ user, tags }) => ({
          name: user,
          password_hash: '',
          hashing_algorithm: 'rabbit_password_hashing_sha256',
          tags,
        })),
        permissions: permissions.value.map((permission) => ({ ...permission, vhost })),
        topic_permissions: topics.value.map((topic) => ({ ...topic, vhost })),
      });
    },
    async put(users) {
      const put = await ctl(['--silent', 'import_definitions'], JSON.stringify(users));
      return put.ok ? ok(undefined) : put;
    },
    async remove(users) {
      for (const some of chunksOf(users)) {
        const removed = await ctl(['--silent', 'eval'], removal(some));
        if (!removed.ok) return removed;
      }
      return ok(undefined);
    },
    async close(stale) {
      if (stale.length === 0) return ok([]);
      const open = await listed(connectionsShape, 'list_connections', 'user', 'connected_at');
      if (!open.ok) return open;
      const concerned = stale.filter(({ user, openedBeforeMs }) =>
        open.value.some((one) => one.user === user && one.connected_at < openedBeforeMs),
      );
      for (const { user } of concerned) {
        const closed = await ctl(['--silent', 'close_all_user_connections', user, 'a certificate was revoked']);
        if (!closed.ok) return closed;
      }
      return ok(concerned.map(({ user }) => user));
    },
  };
}
