import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, type RunCommand } from '../processes/index.ts';
import { placeOptions, puppetCommand } from './commands.ts';
import type { PuppetSettings } from './settings.ts';

/** Puppet's settings that name the files and folders in which its state is; we call them as Puppet does. */
const names = [
  'config',
  'statedir',
  'agent_disabled_lockfile',
  'agent_catalog_run_lockfile',
  'pidfile',
  'lastrunfile',
  'lastrunreport',
  'resourcefile',
] as const;

/** Where Puppet keeps its state on this node. */
export type PuppetFiles = Readonly<Record<(typeof names)[number], string>>;

export interface PuppetFilesCall {
  readonly settings: PuppetSettings;
  /** Remembers what Puppet said: asking it starts Ruby, which takes seconds. */
  readonly stateFolder: () => Promise<string>;
  readonly run: RunCommand;
}

/** Where Puppet keeps its state below folders that the settings name all, so that nobody needs to ask Puppet. */
function filesBelow({ config, confdir, vardir, statedir, publicdir, rundir }: PuppetSettings): PuppetFiles | undefined {
  const state = statedir ?? (vardir === undefined ? undefined : join(vardir, 'state'));
  if (state === undefined || publicdir === undefined || rundir === undefined) return undefined;
  return {
    config: config ?? (confdir === undefined ? '' : join(confdir, 'puppet.conf')),
    statedir: state,
    agent_disabled_lockfile: join(state, 'agent_disabled.lock'),
    agent_catalog_run_lockfile: join(state, 'agent_catalog_run.lock'),
    pidfile: join(rundir, 'agent.pid'),
    lastrunfile: join(publicdir, 'last_run_summary.yaml'),
    lastrunreport: join(state, 'last_run_report.yaml'),
    resourcefile: join(state, 'resources.txt'),
  };
}

function parsePrinted(text: string): PuppetFiles | undefined {
  const printed = new Map(
    text.split('\n').flatMap((line) => {
      const [, name = '', value = ''] = /^(\w+) = (.+)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value] as const];
    }),
  );
  if (!names.every((name) => printed.get(name)?.startsWith('/'))) return undefined;
  // Every name is there, as was just seen.
  return Object.fromEntries(names.map((name) => [name, printed.get(name)])) as unknown as PuppetFiles;
}

const fileStamp = async (file: string): Promise<string> => {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return 'missing';
  }
};

interface Remembered {
  readonly question: string;
  readonly configStamp: string;
  readonly files: PuppetFiles;
}

async function recall(file: string): Promise<Remembered | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Remembered; // we wrote it
  } catch {
    return undefined;
  }
}

async function remember(file: string, remembered: Remembered): Promise<void> {
  const half = `${file}.${process.pid}`;
  await writeFile(half, JSON.stringify(remembered), { mode: 0o600 });
  await rename(half, file);
}

/** Questions to Puppet that are under way in this process. */
const asking = new Map<string, Promise<PuppetFiles>>();

const lookUpMs = 60_000;

async function askPuppet(call: PuppetFilesCall, question: readonly string[], memory: string): Promise<PuppetFiles> {
  const [program = '', ...args] = question;
  const { exitCode, stdout, stderr } = await call.run(program, args, { timeoutMs: lookUpMs });
  const files = parsePrinted(stdout);
  if (files === undefined) {
    throw new Error(
      `Puppet does not say where it keeps its state (exit code ${exitCode}): ${stderr.slice(-500).trim()}`,
    );
  }
  await remember(memory, { question: question.join(' '), configStamp: await fileStamp(files.config), files });
  return files;
}

/**
 * Finds the files in which Puppet's state is: from the settings where they say enough, else from Puppet itself, which is asked
 * once and again when its program or its `puppet.conf` have changed. Rejects with the reason when Puppet cannot tell.
 */
export async function findPuppetFiles(call: PuppetFilesCall): Promise<PuppetFiles> {
  const { settings } = call;
  const told = filesBelow(settings);
  if (told !== undefined) return told;
  const [name, ...args] = puppetCommand(settings);
  const program = (await findProgram(name)) ?? name;
  const section = settings.mode === 'apply' ? 'user' : 'agent';
  const question = [program, ...args, 'config', 'print', '--section', section, ...names, ...placeOptions(settings)];
  const memory = join(await call.stateFolder(), 'puppet-files.json');
  const known = await recall(memory);
  if (known?.question === question.join(' ') && known.configStamp === (await fileStamp(known.files.config))) {
    return known.files;
  }
  const key = `${memory} ${question.join(' ')}`;
  const answer = asking.get(key) ?? askPuppet(call, question, memory).finally(() => asking.delete(key));
  asking.set(key, answer);
  return answer;
}
