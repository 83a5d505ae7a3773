import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.ts';

const run = promisify(execFile);
const versions = '/usr/lib/postgresql';

/** Whom PostgreSQL runs as: it refuses root, so root lends it Debian's own account. */
async function account(): Promise<{ uid: number; gid: number }> {
  const me = userInfo();
  if (me.uid !== 0) return { uid: me.uid, gid: me.gid };
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

async function programs(): Promise<string> {
  const newest = (await readdir(versions)).sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error(`There is no PostgreSQL below ${versions}`);
  return join(versions, newest, 'bin');
}

/** A PostgreSQL of our own with an empty database `puppetdb` of a user `puppetdb`; on loopback, without passwords. */
export async function startPostgres(parent: string, port: number): Promise<{ stop(): Promise<void> }> {
  const folder = join(parent, 'postgres');
  await mkdir(folder, { mode: 0o700 });
  const owner = await account();
  await chown(folder, owner.uid, owner.gid);
  const bin = await programs();
  const as = { ...owner, cwd: folder };
  const data = join(folder, 'data');
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'], as);
  const quick = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'].flatMap((setting) => ['-c', setting]);
  const address = ['-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...address, ...quick], { ...as, stdio: 'ignore' });
  const ended = once(server, 'exit');
  const psql = (database: string, sql: string) =>
    run(join(bin, 'psql'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', database, '-c', sql], as);
  const stop = async () => {
    // "Fast shutdown": open sessions are ended.
    if (server.exitCode === null) server.kill('SIGINT');
    await ended;
  };
  try {
    await eventually(() => psql('postgres', 'SELECT 1'), 30_000);
    await psql('postgres', 'CREATE ROLE puppetdb LOGIN');
    await psql('postgres', 'CREATE DATABASE puppetdb OWNER puppetdb');
    await psql('puppetdb', 'CREATE EXTENSION pg_trgm');
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
