import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chmod } from 'node:fs/promises';
import { eventually } from '../support/eventually.ts';
import { makeCertificates, type Certificates } from './certificates.ts';
import { freePort } from './free-port.ts';
import { startPostgres } from './private-postgres.ts';
import { send } from './puppetdb-client.ts';

const jar = '/usr/share/puppetdb/puppetdb.jar';
const bootstrap = '/etc/puppetdb/bootstrap.cfg';

/** A PuppetDB that answers on loopback, for clients with a certificate of its authority. */
export interface PrivatePuppetDb {
  readonly url: string;
  readonly certificates: Certificates;
  stop(): Promise<void>;
}

const logging = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%p %m%n%ex</pattern></encoder></appender>
  <root level="warn"><appender-ref ref="OUT"/></root>
</configuration>
`;

async function writeSettings(
  folder: string,
  ports: { postgres: number; clear: number; secure: number },
  certificates: Certificates,
): Promise<string> {
  const settings = join(folder, 'conf.d');
  await mkdir(settings);
  await mkdir(join(folder, 'var'));
  await writeFile(join(folder, 'logback.xml'), logging);
  const write = (name: string, lines: readonly string[]) => writeFile(join(settings, name), `${lines.join('\n')}\n`);
  await write('config.ini', [
    '[global]',
    `vardir = ${join(folder, 'var')}`,
    `logging-config = ${join(folder, 'logback.xml')}`,
  ]);
  await write('puppetdb.ini', ['[puppetdb]', 'disable-update-checking = true']);
  await write('database.ini', [
    '[database]',
    `subname = //127.0.0.1:${ports.postgres}/puppetdb`,
    'username = puppetdb',
    'password = unused',
  ]);
  await write('jetty.ini', [
    '[jetty]',
    'host = 127.0.0.1',
    `port = ${ports.clear}`,
    'ssl-host = 127.0.0.1',
    `ssl-port = ${ports.secure}`,
    `ssl-key = ${certificates.server.key}`,
    `ssl-cert = ${certificates.server.certificate}`,
    `ssl-ca-cert = ${certificates.ca}`,
    'client-auth = need',
  ]);
  await write('auth.conf', ['authorization: { version: 1, rules: [] }']);
  return settings;
}

/** Starts Debian's PostgreSQL and PuppetDB in a folder of their own, which `stop` removes. Takes about a minute. */
export async function startPuppetDb(): Promise<PrivatePuppetDb> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-puppetdb-'));
  // The account of PostgreSQL has to reach its own folder below.
  await chmod(folder, 0o711);
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const certificates = await makeCertificates(folder);
    const ports = { postgres: await freePort(), clear: await freePort(), secure: await freePort() };
    const postgres = await startPostgres(folder, ports.postgres);
    undo.push(() => postgres.stop());
    const settings = await writeSettings(folder, ports, certificates);
    const main = ['-Xmx512m', '-cp', jar, 'clojure.main', '-m', 'puppetlabs.puppetdb.core', 'services'];
    const files = ['--config', settings, '--bootstrap-config', bootstrap, '--restart-file', join(folder, 'restart')];
    const log = join(folder, 'puppetdb.log');
    const child = spawn('sh', ['-c', 'exec java "$@" >"$0" 2>&1', log, ...main, ...files], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    undo.push(async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    });
    const url = `https://127.0.0.1:${ports.secure}`;
    try {
      await eventually(async () => {
        if (child.exitCode === null) await send({ url, certificates }, 'GET', '/pdb/meta/v1/version');
      }, 240_000);
      if (child.exitCode !== null) throw new Error(`PuppetDB ended with exit code ${child.exitCode}`);
    } catch (error) {
      throw new Error(`PuppetDB did not start:\n${await readFile(log, 'utf8')}`, { cause: error });
    }
    return { url, certificates, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
