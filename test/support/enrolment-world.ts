import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watchRegister } from '@muster/broker-config/sync';
import { unwrap } from '@muster/protocol/errors';
import { makeAuthority } from '@muster/runtime/authority';
import { loadAuthority } from '@muster/runtime/pki';
import { muster, start, type Running } from '../integration/cli/muster-process.ts';
import { eventually } from './eventually.ts';
import { startTestBroker, type TestBroker } from './test-broker.ts';

const patienceMs = 120_000;
const agentEntry = fileURLToPath(new URL('../../agent/bin/muster-agent.mjs', import.meta.url));

/** A built `muster-agent` that was started. */
export interface AgentProcess {
  readonly process: ChildProcess;
  /** All that it wrote. */
  readonly out: () => string;
  readonly code: Promise<unknown>;
}

/** An authority that serves, and a broker that takes its users from the register: agents and consoles come by invitations alone. */
export interface EnrolmentWorld {
  readonly folder: string;
  /** Folder of the authority. */
  readonly ca: string;
  readonly broker: TestBroker;
  /** A path in the folder. */
  at(...names: string[]): string;
  /** Makes an invitation with the command line, and gives its file; `flags` are those of `muster ca invite`. */
  invite(name: string, ...flags: readonly string[]): Promise<string>;
  agent(...args: readonly string[]): AgentProcess;
  /** Starts the agent whose files are in the folder of that name, which allows everything, and waits until it takes requests. */
  runAgent(name: string): Promise<AgentProcess>;
  /** Starts the authority's service again. */
  restartService(): Promise<void>;
  /** Ends the authority's service; nobody answers then. */
  stopService(): Promise<void>;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

/** Whether a program wrote a text; waits for it, and rejects with all it wrote when it does not come. */
export async function saysInTime(out: () => string, text: string): Promise<void> {
  await eventually(() => {
    if (!out().includes(text)) throw new Error(`“${text}” was not said: ${out()}`);
  }, patienceMs);
}

/** The fingerprint that somebody who joins reads of the own key. */
export const keyShownIn = (text: string): string =>
  (/Key {6}((?:[0-9a-f]{8} ?){8})/.exec(text)?.[1] ?? '').replaceAll(' ', '');

export async function startEnrolmentWorld(options: { readonly approvers: readonly string[] }): Promise<EnrolmentWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-enrolment-'));
  const ca = join(folder, 'ca');
  unwrap(await makeAuthority(ca, { name: 'Test authority', clock: Date.now }));
  const [certificatePem = '', keyPem = ''] = await Promise.all(
    ['ca.pem', 'ca.key'].map((name) => readFile(join(ca, name), 'utf8')),
  );
  const authority = await loadAuthority({ certificatePem, keyPem, clock: Date.now });
  const broker = await startTestBroker({ authority, persons: [] });
  const settings = `broker: { urls: ['${broker.url}'] }\napprovers: [${options.approvers.join(', ')}]\n`;
  await writeFile(join(ca, 'authority.yaml'), settings);
  const syncing = new AbortController();
  const synced = watchRegister(
    {
      register: join(ca, 'register.jsonl'),
      revocations: { file: join(ca, 'crl.pem'), folder: join(broker.home, 'broker') },
      collectives: ['muster'],
      ctl: broker.ctl(),
      clock: Date.now,
    },
    { signal: syncing.signal, onTurn: () => undefined, onFault: () => undefined },
  );
  const agents: ChildProcess[] = [];
  const at = (...names: string[]): string => join(folder, ...names);

  async function serve(): Promise<Running> {
    const running = start(folder, ['ca', 'serve', ca]);
    await saysInTime(running.out, '"event":"ready"');
    return running;
  }
  let service = await serve();

  async function stopService(): Promise<void> {
    service.signal('SIGTERM');
    await service.ended;
  }

  function agent(...args: readonly string[]): AgentProcess {
    const child = spawn(process.execPath, [agentEntry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    agents.push(child);
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text));
    return { process: child, out: () => out, code: once(child, 'close').then(([code]: unknown[]) => code) };
  }

  return {
    folder,
    ca,
    broker,
    at,
    agent,
    stopService,
    async invite(name, ...flags) {
      const file = at(`${name}.join`);
      const made = await muster(folder, 'ca', 'invite', ca, ...flags, '--out', file);
      if (made.code !== 0) throw new Error(made.err);
      return file;
    },
    async runAgent(name) {
      await appendFile(at(name, 'agent.yaml'), 'policies: { allow_unconfigured: true }\n');
      const running = agent('--config', at(name, 'agent.yaml'));
      await saysInTime(running.out, '"event":"ready"');
      return running;
    },
    async restartService() {
      await stopService();
      service = await serve();
    },
    async stop() {
      for (const child of agents) if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'close');
      await stopService();
      syncing.abort();
      await synced;
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
