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

/** How to run a command as a user: put before its own words, and what its environment has to say. */
export interface AsUser {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs a command with a user's number, groups and home, without a login shell or PAM. Node itself can set the number and
 * one group, and drops all others.
 */
export const asUser = ({ name, uid, gid, home, shell }: Account): AsUser => ({
  words: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'],
  environment: { HOME: home, USER: name, LOGNAME: name, SHELL: shell },
});
