import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RandomBytes } from '@muster/runtime/effects';
import type { Authority } from '@muster/runtime/pki';
import type { BrokerAccounts } from '../files/index.ts';
import { claimProcesses, stopProcess, type ProcessMark } from '../processes/index.ts';
import { privateFolder } from '../secrets/index.ts';
import { writeBrokerFolder } from './broker-folder.ts';
import { launchBroker, launchEpmd, rabbitmqIsInstalled, serverScript } from './launch.ts';
import { choosePorts } from './ports.ts';

export interface PrivateBrokerOptions {
  /** The Muster home, absolute; all of the broker is in its folder `broker`. */
  readonly home: string;
  /** Issues the broker's certificate and is the one whose clients it believes. */
  readonly authority: Authority;
  readonly collectives: readonly string[];
  readonly accounts: BrokerAccounts;
  readonly randomBytes: RandomBytes;
}

/** A RabbitMQ that belongs to one home and runs beside any other of the machine. */
export interface PrivateBroker {
  /** `amqps://127.0.0.1:PORT`; the port stays over restarts as long as nobody else took it. */
  readonly url: string;
  readonly pid: number;
  /** Ends broker and name service; what was stored stays in the home. Resolves when both are gone. */
  stop(): Promise<void>;
}

const startTimeoutMs = 120_000;
const stopGraceMs = 20_000;
const pollMs = 50;

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Waits until the port takes connections; RabbitMQ opens its listeners last. False when the process ended or time ran out. */
async function listens(child: ChildProcess, port: number): Promise<boolean> {
  const deadline = performance.now() + startTimeoutMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
    if (await accepts(port)) return true;
    await delay(pollMs);
  }
  return false;
}

/**
 * Starts a RabbitMQ of its own for a home, on 127.0.0.1 alone and with TLS alone, and waits until it takes connections.
 * May be called again on the same home after a stop or after the caller was killed.
 *
 * Errors: `broker.not_started`, `home.in_use`.
 */
export async function startPrivateBroker(options: PrivateBrokerOptions): Promise<Result<PrivateBroker>> {
  if (!(await rabbitmqIsInstalled())) {
    return fail('broker.not_started', `There is no RabbitMQ at ${serverScript}`, {
      mend: 'Install it: apt-get install rabbitmq-server.',
    });
  }
  const folder = join(options.home, 'broker');
  await privateFolder(folder);
  const book = await claimProcesses(join(folder, 'processes.json'));
  if (!book.ok) return book;

  const ports = await choosePorts(join(folder, 'ports.json'));
  await writeBrokerFolder(folder, { ...options, ports });

  const running: ProcessMark[] = [];
  const stop = async () => {
    for (const mark of running.toReversed()) await stopProcess(mark, stopGraceMs);
    await book.value.close();
  };
  const startOne = async (launch: typeof launchBroker, port: number): Promise<number | undefined> => {
    const child = await launch(folder, ports);
    if (child.pid === undefined) return undefined;
    running.push(await book.value.add(child.pid));
    return (await listens(child, port)) ? child.pid : undefined;
  };

  const epmd = await startOne(launchEpmd, ports.epmd);
  const pid = epmd === undefined ? undefined : await startOne(launchBroker, ports.amqps);
  if (pid === undefined) {
    await stop();
    const said = await readFile(join(folder, 'log', epmd === undefined ? 'epmd.log' : 'output.log'), 'utf8');
    return fail('broker.not_started', `RabbitMQ did not start in ${folder}. It said last:\n${said.slice(-2000)}`);
  }
  let stopping: Promise<void> | undefined;
  return ok({ url: `amqps://127.0.0.1:${ports.amqps}`, pid, stop: () => (stopping ??= stop()) });
}
