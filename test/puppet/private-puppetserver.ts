import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { freePort } from './free-port.ts';

const jar = '/usr/share/puppetserver/puppetserver.jar';
const shippedSettings = '/etc/puppet/puppetserver';

/** A Puppet Server on loopback, with an authority of its own in `ca` of its folder. */
export interface PrivatePuppetServer {
  readonly port: number;
  /** Folder for whatever the test keeps beside. */
  readonly folder: string;
  /** Makes this the manifest of the environment `production`, from the next run on. */
  setManifest(text: string): Promise<void>;
  /** How many reports a node has sent. */
  reportsOf(certname: string): Promise<number>;
  stop(): Promise<void>;
}

const logging = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%p %m%n%ex</pattern></encoder></appender>
  <root level="warn"><appender-ref ref="OUT"/></root>
</configuration>
`;

async function writeSettings(folder: string, port: number, autosign: boolean): Promise<string> {
  const at = (name: string): string => join(folder, name);
  const settings = at('conf.d');
  const manifests = at('code/environments/production/manifests');
  await Promise.all(
    ['conf', 'conf.d', 'var', 'run', 'log', manifests].map((name) =>
      mkdir(name.startsWith('/') ? name : at(name), { recursive: true }),
    ),
  );
  await writeFile(at('logback.xml'), logging);
  await writeFile(
    at('conf/puppet.conf'),
    `[main]
certname = puppetserver.test
dns_alt_names = localhost
ssldir = ${at('ssl')}
cadir = ${at('ca')}
autosign = ${autosign}
[server]
reports = store
reportdir = ${at('reports')}
`,
  );
  await writeFile(
    join(settings, 'muster.conf'),
    `global: { logging-config: ${JSON.stringify(at('logback.xml'))} }
webserver: { client-auth: want, ssl-host: 127.0.0.1, ssl-port: ${port} }
jruby-puppet: {
  ruby-load-path: [/usr/lib/puppetserver/ruby/vendor_ruby]
  gem-home: ${JSON.stringify(at('gems'))}
  gem-path: [${JSON.stringify(at('gems'))}, /usr/lib/puppetserver/vendored-jruby-gems]
  server-conf-dir: ${JSON.stringify(at('conf'))}
  server-code-dir: ${JSON.stringify(at('code'))}
  server-var-dir: ${JSON.stringify(at('var'))}
  server-run-dir: ${JSON.stringify(at('run'))}
  server-log-dir: ${JSON.stringify(at('log'))}
  max-active-instances: 1
}
certificate-authority: { allow-subject-alt-names: true }
product: { check-for-updates: false }
`,
  );
  for (const name of ['auth.conf', 'web-routes.conf', 'metrics.conf'])
    await copyFile(join(shippedSettings, 'conf.d', name), join(settings, name));
  return settings;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (listening: boolean) => () => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}

/**
 * Starts Debian's Puppet Server in a folder of its own, which `stop` removes. Takes a minute or two. It signs whatever asks it,
 * but with `autosign: false`.
 */
export async function startPuppetServer({ autosign = true } = {}): Promise<PrivatePuppetServer> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-puppetserver-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const at = (name: string): string => join(folder, name);
  try {
    const port = await freePort();
    const settings = await writeSettings(folder, port, autosign);
    const setManifest = (text: string) => writeFile(at('code/environments/production/manifests/site.pp'), text);
    // Compiled anew for each run: a manifest that has just been changed counts.
    await writeFile(at('code/environments/production/environment.conf'), 'environment_timeout = 0\n');
    await setManifest('');
    // It runs for some minutes only, so its code is best compiled in the quick way.
    const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
    const machine = [...quick, '-Xms512m', '-Xmx1g', '-Djruby.lib=/usr/share/jruby/lib'];
    const logger = '-Djruby.logger.class=com.puppetlabs.jruby_utils.jruby.Slf4jLogger';
    const files = ['--config', settings, '--bootstrap-config', join(shippedSettings, 'services.d')];
    const log = at('server.log');
    const child = spawn(
      'sh',
      [
        '-c',
        'exec java "$@" >"$0" 2>&1',
        log,
        ...machine,
        logger,
        '-jar',
        jar,
        ...files,
        '--restart-file',
        at('run/restart'),
      ],
      { stdio: 'ignore' },
    );
    const ended = once(child, 'exit');
    undo.push(async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    });
    try {
      await eventually(async () => {
        if (child.exitCode === null && !(await isListening(port))) throw new Error('It does not listen yet');
      }, 540_000);
      if (child.exitCode !== null) throw new Error(`Puppet Server ended with exit code ${child.exitCode}`);
    } catch (error) {
      throw new Error(`Puppet Server did not start:\n${await readFile(log, 'utf8')}`, { cause: error });
    }
    return {
      port,
      folder,
      setManifest,
      async reportsOf(certname) {
        try {
          return (await readdir(join(at('reports'), certname))).length;
        } catch {
          return 0;
        }
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
