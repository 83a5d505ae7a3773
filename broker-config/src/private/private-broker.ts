import { join } from 'node:path';
import { ok, type Result } from '@muster/protocol/errors';
import type { RandomBytes } from '@muster/runtime/effects';
import type { Authority } from '@muster/runtime/pki';
import type { BrokerAccounts, Site } from '../files/index.ts';
import type { RabbitmqCtl } from '../control/index.ts';
import { claimProcesses, stopProcess, type ProcessMark } from '../processes/index.ts';
import { privateFolder } from '../secrets/index.ts';
import { writeBrokerFolder } from './broker-folder.ts';
import { checkInstalled } from './launch.ts';
import { choosePorts } from './ports.ts';
import { privateCtl } from './private-ctl.ts';
import { startProgram } from './starting.ts';

export interface PrivateBrokerOptions {
  /** The Muster home, absolute; all of the broker is in its folder `broker`. */
  readonly home: string;
  /** Issues the broker's certificate and is the one whose clients it believes. */
  readonly authority: Authority;
  readonly collectives: readonly string[];
  readonly accounts: BrokerAccounts;
  readonly randomBytes: RandomBytes;
  /** The site that it is, when it is one of two. */
  readonly site?: Omit<Site, 'folder'>;
  /** What the authority took back: its list, PEM; none when absent. */
  readonly revocations?: string;
  /** Further plugins of RabbitMQ that it runs; none when absent. */
  readonly plugins?: readonly string[];
  /** Further lines of `rabbitmq.conf`; none when absent. */
  readonly settings?: readonly string[];
}

/** A RabbitMQ that belongs to one home and runs beside any other of the machine. */
export interface PrivateBroker {
  /** `amqps://127.0.0.1:PORT`; the port stays over restarts as long as nobody else took it. */
  readonly url: string;
  readonly pid: number;
  /** Its own command line. */
  readonly ctl: RabbitmqCtl;
  /** Ends broker and name service; what was stored stays in the home. Resolves when both are gone. */
  stop(): Promise<void>;
}

const stopGraceMs = 20_000;

/**
 * Starts a RabbitMQ of its own for a home, on 127.0.0.1 alone and with TLS alone, and waits until it takes connections.
 * May be called again on the same home after a stop or after the caller was killed.
 *
 * Errors: `broker.not_started`, `home.in_use`.
 */
export async function startPrivateBroker(options: PrivateBrokerOptions): Promise<Result<PrivateBroker>> {
  const installed = await checkInstalled();
  if (!installed.ok) return installed;
  const folder = join(options.home, 'broker');
  await privateFolder(folder);
  const book = await claimProcesses(join(folder, 'processes.json'));
  if (!book.ok) return book;

  const ports = await choosePorts(folder);
  await writeBrokerFolder(folder, { ...options, ports });

  const running: ProcessMark[] = [];
  const stop = async () => {
    for (const mark of running.toReversed()) await stopProcess(mark, stopGraceMs);
    await book.value.close();
  };
  const place = { folder, ports, book: book.value };
  const epmd = await startProgram('epmd', place, (mark) => running.push(mark));
  const started = epmd.ok ? await startProgram('broker', place, (mark) => running.push(mark)) : epmd;
  if (!started.ok) {
    await stop();
    return started;
  }
  let stopping: Promise<void> | undefined;
  return ok({
    url: `amqps://127.0.0.1:${ports.amqps}`,
    pid: started.value.pid,
    ctl: await privateCtl(folder, ports),
    stop: () => (stopping ??= stop()),
  });
}
