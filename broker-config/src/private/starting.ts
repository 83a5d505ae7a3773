import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { ProcessBook, ProcessMark } from '../processes/index.ts';
import { launchBroker, launchEpmd } from './launch.ts';
import type { BrokerPorts } from './ports.ts';

/** A broker that was killed looks through all its queues before it listens: minutes, of many and on a busy machine. */
const startTimeoutMs = 600_000;
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

/** What one folder runs. */
const programs = {
  epmd: { launch: launchEpmd, port: (ports: BrokerPorts) => ports.epmd, says: 'epmd.log' },
  broker: { launch: launchBroker, port: (ports: BrokerPorts) => ports.amqps, says: 'output.log' },
} as const;

export interface Started {
  readonly pid: number;
  readonly mark: ProcessMark;
}

/**
 * Starts a broker or the name service of a folder, writes it into the book, and waits until it takes connections.
 * `onLaunch` hears of the process at once, so that it can be ended when it never does.
 *
 * Errors: `broker.not_started`, with what the program said last.
 */
export async function startProgram(
  program: keyof typeof programs,
  place: { readonly folder: string; readonly ports: BrokerPorts; readonly book: ProcessBook },
  onLaunch: (mark: ProcessMark) => void,
): Promise<Result<Started>> {
  const { folder, ports, book } = place;
  const { launch, port, says } = programs[program];
  const child = await launch(folder, ports);
  if (child.pid !== undefined) {
    const mark = await book.add(child.pid);
    onLaunch(mark);
    if (await listens(child, port(ports))) return ok({ pid: child.pid, mark });
  }
  const said = await readFile(join(folder, 'log', says), 'utf8');
  return fail('broker.not_started', `RabbitMQ did not start in ${folder}. It said last:\n${said.slice(-2000)}`);
}
