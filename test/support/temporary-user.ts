import { execFileSync } from 'node:child_process';

/** A system user of this machine for the length of a test, in a group of its own and in one more. */
export interface TemporaryUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Name of the other group. */
  readonly group: string;
  remove(): void;
}

/** Only root can make users. */
export const canMakeUsers = process.getuid?.() === 0;

const numberOf = (...args: string[]): number => Number(execFileSync('id', args, { encoding: 'utf8' }));

/** Makes a user. Several tests may do so at the same time. */
export function makeTemporaryUser(label: string): TemporaryUser {
  const name = `muster-${label}-${process.pid}`;
  const group = `${name}-x`;
  execFileSync('groupadd', ['--system', group]);
  execFileSync('useradd', ['--system', '--user-group', '--groups', group, '--home-dir', '/nonexistent', name]);
  return {
    name,
    uid: numberOf('-u', name),
    gid: numberOf('-g', name),
    group,
    remove() {
      execFileSync('userdel', [name]);
      execFileSync('groupdel', [group]);
    },
  };
}
