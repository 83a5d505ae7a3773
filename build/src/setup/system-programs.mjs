import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { quietRun } from './quiet-run.mjs';
import { SetupError } from './setup-error.mjs';

const path = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin', '/usr/sbin'];

/** @param {...string} names */
const onPath = (...names) => names.some((name) => path.some((folder) => existsSync(join(folder, name))));

/** How to see that a Debian package, or another source of the same program, is there. @type {Record<string, () => boolean>} */
const presence = {
  'rabbitmq-server': () => existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server') && onPath('erl'),
  chromium: () => onPath('chromium', 'chromium-browser', 'google-chrome'),
  'chromium-driver': () => onPath('chromedriver'),
  python3: () => onPath('python3'),
  ruby: () => onPath('ruby'),
  'iputils-ping': () => onPath('ping'),
  'monitoring-plugins-basic': () => existsSync('/usr/lib/nagios/plugins/check_dummy'),
  libfaketime: () =>
    ['x86_64', 'aarch64'].some((name) => existsSync(`/usr/lib/${name}-linux-gnu/faketime/libfaketimeMT.so.1`)),
  mcollective: () => existsSync('/usr/sbin/mcollectived'),
  'mcollective-client': () => onPath('mco'),
  'ruby-stomp': () => existsSync('/usr/lib/ruby/vendor_ruby/stomp.rb'),
  puppetdb: () => existsSync('/usr/share/puppetdb/puppetdb.jar'),
  puppetserver: () => existsSync('/usr/share/puppetserver/puppetserver.jar'),
  'puppet-agent': () => onPath('puppet'),
  // Debian keeps the server's programs out of the search path, one folder for each version.
  postgresql: () => existsSync('/usr/lib/postgresql'),
};

/** Packages that would start a service of that name with the machine. */
const services = ['rabbitmq-server', 'puppetdb', 'postgresql', 'puppetserver', 'puppet-agent', 'mcollective'];

const policy = '/usr/sbin/policy-rc.d';
const lists = '/var/lib/apt/lists';
const noQuestions = { DEBIAN_FRONTEND: 'noninteractive' };
const hasLists = () =>
  existsSync(lists) && readdirSync(lists).some((name) => name.endsWith('_Packages') || name.includes('_Packages.'));
const update = () => quietRun('Updating the lists of packages', 'apt-get', ['update', '-q'], noQuestions);

/** @param {string[]} missing */
async function install(missing) {
  const args = ['install', '-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...missing];
  const attempt = () => quietRun(`Installing ${missing.join(', ')}`, 'apt-get', args, noQuestions);
  if (!hasLists()) {
    await update();
    return attempt();
  }
  return attempt().catch(async () => {
    // Old lists name packages that the mirror no longer has.
    await update();
    await attempt();
  });
}

/**
 * Keeps Debian from starting the services that it installs: we want their programs, not a broker or a database for the machine.
 *
 * @param {() => Promise<void>} work
 */
async function withoutServices(work) {
  if (existsSync(policy)) return work();
  const remove = () => rmSync(policy, { force: true });
  const leave = () => process.exit(130);
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  process.once('exit', remove);
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    await work();
  } finally {
    process.off('exit', remove).off('SIGINT', leave).off('SIGTERM', leave);
    remove();
  }
}

/**
 * Installs Debian packages whose programs are missing. Without the right to do so it says what to install.
 *
 * @param {string[]} packages
 */
export async function ensureSystemPrograms(packages) {
  const missing = packages.filter((name) => !presence[name]?.());
  if (missing.length === 0) return;
  const advice = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    throw new SetupError(`Missing on this machine: ${missing.join(', ')}. Install it as root, on Debian: ${advice}`);
  }
  await withoutServices(() => install(missing));
  const installed = missing.filter((name) => services.includes(name));
  if (installed.length > 0 && existsSync('/run/systemd/system')) {
    await quietRun(`Keeping the system-wide ${installed.join(' and ')} off`, 'systemctl', ['disable', ...installed]);
  }
}
