import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { stopProcess, type ProcessBook, type ProcessMark } from '../processes/index.ts';
import { launchBroker, launchEpmd } from './launch.ts';
import type { BrokerPorts } from './ports.ts';

/** A broker that was killed looks through all its queues before it listens: minutes, of many and on a busy machine. */
const startTimeoutMs = 600_000;
const pollMs = 50;
const killTimeoutMs = 20_000;

/**
 * How often a broker is started that gives up: RabbitMQ 3.10 trips over itself now and then while it recovers what one
 * that was killed has left, and comes up the next time. A service manager starts it again as well.
 */
const startAttempts = 3;
/** What RabbitMQ says when it gives up; its process may need five minutes more to end. */
const givesUp = 'BOOT FAILED';

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

const outputOf = (folder: string, file: string): Promise<string> => readFile(join(folder, 'log', file), 'utf8');

/**
 * Waits until the port takes connections; RabbitMQ opens its listeners last. False when the process ended, said that it
 * gives up, or time ran out.
 */
async function listens(child: ChildProcess, port: number, hasGivenUp: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + startTimeoutMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
    if (await accepts(port)) return true;
    if (await hasGivenUp()) return false;
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

/** Where a program runs, and the book that it is written into. */
interface Place {
  readonly folder: string;
  readonly ports: BrokerPorts;
  readonly book: ProcessBook;
}

async function attempt(
  { launch, port, says }: (typeof programs)[keyof typeof programs],
  { folder, ports, book }: Place,
  onLaunch: (mark: ProcessMark) => void,
): Promise<Started | undefined> {
  const child = await launch(folder, ports);
  if (child.pid === undefined) return undefined;
  const mark = await book.add(child.pid);
  onLaunch(mark);
  const hasGivenUp = async () => (await outputOf(folder, says)).includes(givesUp);
  if (await listens(child, port(ports), hasGivenUp)) return { pid: child.pid, mark };
  await stopProcess(mark, killTimeoutMs, 'SIGKILL');
  return undefined;
}

/**
 * Starts a broker or the name service of a folder, writes it into the book, and waits until it takes connections. A
 * broker that gives up is started again, three times in all. `onLaunch` hears of each process at once, so that it can be
 * ended when it never does.
 *
 * Errors: `broker.not_started`, with what the program said last.
 */
export async function startProgram(
  program: keyof typeof programs,
  place: Place,
  onLaunch: (mark: ProcessMark) => void,
): Promise<Result<Started>> {
  const attempts = program === 'broker' ? startAttempts : 1;
  for (let made = 0; made < attempts; made++) {
    const started = await attempt(programs[program], place, onLaunch);
    if (started !== undefined) return ok(started);
  }
  const said = await outputOf(place.folder, programs[program].says);
  return fail('broker.not_started', `RabbitMQ did not start in ${place.folder}. It said last:\n${said.slice(-2000)}`);
}
