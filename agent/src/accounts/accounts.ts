import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RunCommand } from '../processes/index.ts';

/** A user of this machine, whichever database it comes from. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

function accountOf(line: string): Account | undefined {
  const [name, , uid, gid, , home = '', shell = ''] = line.split(':');
  if (name === undefined || uid === undefined || gid === undefined) return undefined;
  const given = (text: string, otherwise: string): string => (text === '' ? otherwise : text);
  return { name, uid: Number(uid), gid: Number(gid), home: given(home, '/'), shell: given(shell, '/bin/sh') };
}

/** `getent` asks every database that the machine is set up for, LDAP as well as `/etc/passwd`. */
async function accounts(run: RunCommand, keys: readonly string[]): Promise<readonly Account[]> {
  if (keys.length === 0) return [];
  const { stdout } = await run('getent', ['passwd', '--', ...keys]);
  return stdout.split('\n').flatMap((line) => accountOf(line) ?? []);
}

/** The user of that name; undefined where there is none. Numbers are no names. */
export async function findAccount(run: RunCommand, name: string): Promise<Account | undefined> {
  if (!/^[^\s:/,-][^\s:/,]*$/.test(name)) return undefined;
  return (await accounts(run, [name])).find((account) => account.name === name);
}

/** Names of users by their numbers. */
export async function accountNames(run: RunCommand, uids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const found = await accounts(run, uids.map(String));
  // The first entry of a number is the one that `ps` and `ls` show.
  return new Map(found.toReversed().map(({ uid, name }) => [uid, name]));
}

/** A command, and whom it runs as. */
export interface CommandAs {
  readonly words: readonly [string, ...string[]];
  /** What its environment has to say of the user. */
  readonly environment: Readonly<Record<string, string>>;
  /** The user, where it is not the one that the agent runs as. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * A command as a user of that name runs it: with the user's number, groups and home, without a login shell or PAM. Node
 * itself can set the number and one group, and drops all others, so `setpriv` does it. Without a name it stays as it is.
 *
 * Errors: `request.invalid_input` when there is no such user, or the agent may not become it.
 */
export async function commandAs(
  run: RunCommand,
  user: string | undefined,
  words: CommandAs['words'],
): Promise<Result<CommandAs>> {
  if (user === undefined) return ok({ words, environment: {} });
  const account = await findAccount(run, user);
  if (account === undefined) return fail('request.invalid_input', `There is no user ${user} on this node`);
  const { name, uid, gid, home, shell } = account;
  const environment = { HOME: home, USER: name, LOGNAME: name, SHELL: shell };
  const own = process.getuid?.();
  if (own === uid) return ok({ words, environment });
  if (own !== 0) {
    return fail('request.invalid_input', `Only an agent that runs as root can run commands as ${user}`);
  }
  const become = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'] as const;
  return ok({ words: [...become, ...words], environment, owner: { uid, gid } });
}
