import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf, type ActionCall } from '../../api/index.ts';
import {
  claimRun,
  disabledBecause,
  isApplying,
  placeOptions,
  puppetProcessIn,
  runCommand,
  type CommandLine,
  type PuppetSettings,
} from '../../puppet/index.ts';
import { hasCustomOptions, runOptions } from './run-options.ts';
import { puppetHere, type PuppetHere } from './surroundings.ts';

const alreadyApplying = 'Puppet is currently applying a catalog, cannot run now';

/** Options of every run: it ends by itself, and what it says can be read in a file. */
const usualOptions = {
  agent: ['--onetime', '--no-daemonize', '--color=false', '--show_diff', '--verbose'],
  apply: ['--color=false', '--show_diff', '--verbose', '--write_catalog_summary'],
} as const;

function wholeCommand(settings: PuppetSettings, options: readonly string[]): CommandLine {
  const { mode, manifest, modulepath } = settings;
  const modules = modulepath === undefined ? [] : ['--modulepath', modulepath];
  const applied = mode === 'apply' && manifest !== undefined ? [...modules, manifest] : [];
  return [...runCommand(settings), ...usualOptions[mode], ...placeOptions(settings), ...options, ...applied];
}

/** Ends the action when Puppet must not run now. */
async function refuse(call: ActionCall, { settings, files }: PuppetHere): Promise<void> {
  const reason = await disabledBecause(files);
  if (reason !== undefined) call.fail(reason === '' ? 'Puppet is disabled' : `Puppet is disabled: '${reason}'`);
  if (await isApplying(files)) call.fail(alreadyApplying);
  const overrides = settings.allow_server_override && settings.mode === 'agent';
  if (textOf(call.request.inputs, 'server') !== undefined && !overrides) {
    call.fail("Passing 'server' option is not allowed in module configuration");
  }
}

function signalDaemon(call: ActionCall, pid: number): void {
  if (hasCustomOptions(call.request.inputs)) {
    call.fail('Cannot specify any custom puppet options when the daemon is running');
  }
  try {
    process.kill(pid, 'SIGUSR1');
  } catch (thrown) {
    call.fail(`The Puppet daemon cannot be signalled: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  call.reply['summary'] = 'Signalled the running Puppet Daemon';
}

async function startRun(call: ActionCall, { settings, files }: PuppetHere): Promise<void> {
  const asked = runOptions(call.request.inputs, settings);
  if (!asked.ok) return call.fail(asked.reason);
  const claim = await claimRun(files, asked.splays);
  if (claim === undefined) return call.fail(alreadyApplying);
  const [program, ...args] = wholeCommand(settings, asked.options);
  // What the run before said has had its time.
  const log = join(call.stateFolder, 'last-run.log');
  await rm(log, { force: true });
  const started = await call.startDetached(program, args, { stdoutFile: log, stderrFile: log });
  if (!started.ok) {
    await claim.giveUp();
    return call.fail(started.error.message);
  }
  await claim.passTo(started.value);
  call.reply['summary'] = `Started a Puppet run using the '${[program, ...args].join(' ')}' command`;
}

/** Begins a run, which outlives the action: by a signal to the daemon where that is idle, else as a process of its own. */
export async function runonce(call: ActionCall): Promise<void> {
  const here = await puppetHere(call);
  await refuse(call, here);
  call.reply['initiated_at'] = Math.floor(call.clock() / 1000);
  const { settings, files } = here;
  const daemon = settings.mode === 'agent' && settings.signal_daemon ? await puppetProcessIn(files.pidfile) : undefined;
  if (daemon === undefined) await startRun(call, here);
  else signalDaemon(call, daemon);
}
