import { join } from 'node:path';
import { ok, type Result } from '@muster/protocol/errors';
import type { RabbitmqCtl } from '../control/index.ts';
import { claimProcesses, stopProcess, type ProcessBook, type ProcessMark } from '../processes/index.ts';
import { newPassword, privateFolder } from '../secrets/index.ts';
import { writeBrokerFolder } from './broker-folder.ts';
import { checkInstalled } from './launch.ts';
import { choosePorts, erlangName, type BrokerPorts } from './ports.ts';
import { privateCtl } from './private-ctl.ts';
import type { PrivateBrokerOptions } from './private-broker.ts';
import { startProgram } from './starting.ts';

/** One broker of a private cluster. */
export interface ClusterMember {
  /** `amqps://127.0.0.1:PORT`; it stays over restarts. */
  readonly url: string;
  readonly pid: number;
  readonly folder: string;
  /** Its command line. */
  readonly ctl: RabbitmqCtl;
  /** Ends it at once, as a power cut does. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on its data; it joins the others. Errors: `broker.not_started`. */
  start(): Promise<Result<void>>;
}

/** Several RabbitMQ on 127.0.0.1 that are one broker to agents and consoles. */
export interface PrivateCluster {
  readonly members: readonly ClusterMember[];
  /** Ends all brokers and their name service; what was stored stays in the home. */
  stop(): Promise<void>;
}

const stopGraceMs = 20_000;

class Member implements ClusterMember {
  readonly folder: string;
  readonly ctl: RabbitmqCtl;
  readonly #ports: BrokerPorts;
  readonly #book: ProcessBook;
  #mark: ProcessMark | null = null;

  constructor(
    place: { readonly folder: string; readonly ports: BrokerPorts; readonly ctl: RabbitmqCtl },
    book: ProcessBook,
  ) {
    this.folder = place.folder;
    this.ctl = place.ctl;
    this.#ports = place.ports;
    this.#book = book;
  }

  get url(): string {
    return `amqps://127.0.0.1:${this.#ports.amqps}`;
  }

  get pid(): number {
    return this.#mark?.pid ?? 0;
  }

  async start(): Promise<Result<void>> {
    const place = { folder: this.folder, ports: this.#ports, book: this.#book };
    const started = await startProgram('broker', place, (mark) => {
      this.#mark = mark;
    });
    return started.ok ? ok(undefined) : started;
  }

  async kill(): Promise<void> {
    if (this.#mark !== null) await stopProcess(this.#mark, stopGraceMs, 'SIGKILL');
  }

  async stop(): Promise<void> {
    if (this.#mark !== null) await stopProcess(this.#mark, stopGraceMs);
  }
}

/**
 * Starts a cluster of `size` brokers (3 when absent) for a home, on 127.0.0.1 alone, and waits until each takes
 * connections. They share a name service and a secret of their own.
 *
 * Errors: `broker.not_started`, `home.in_use`.
 */
export async function startPrivateCluster(
  options: PrivateBrokerOptions & { readonly size?: number },
): Promise<Result<PrivateCluster>> {
  const installed = await checkInstalled();
  if (!installed.ok) return installed;
  const home = join(options.home, 'cluster');
  const folders = Array.from({ length: options.size ?? 3 }, (_unused, index) => join(home, `broker-${index + 1}`));
  await Promise.all([home, ...folders].map(privateFolder));
  const book = await claimProcesses(join(home, 'processes.json'));
  if (!book.ok) return book;

  const places: { readonly folder: string; readonly ports: BrokerPorts }[] = [];
  for (const folder of folders) {
    const [first] = places;
    places.push({ folder, ports: await choosePorts(folder, first?.ports.epmd) });
  }
  const cluster = await Promise.all(places.map(({ folder, ports }) => erlangName(folder, ports)));
  const cookie = newPassword(options.randomBytes);
  const members: Member[] = [];
  for (const place of places) {
    await writeBrokerFolder(place.folder, { ...options, ports: place.ports, cluster, cookie });
    members.push(new Member({ ...place, ctl: await privateCtl(place.folder, place.ports) }, book.value));
  }

  let epmdMark: ProcessMark | null = null;
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await Promise.all(members.map((member) => member.stop()));
    if (epmdMark !== null) await stopProcess(epmdMark, stopGraceMs);
    await book.value.close();
  };
  const start = async (): Promise<Result<void>> => {
    const [first] = places;
    if (first === undefined) return ok(undefined);
    const epmd = await startProgram('epmd', { ...first, book: book.value }, (mark) => (epmdMark = mark));
    if (!epmd.ok) return epmd;
    // Together: a broker that starts alone after all had stopped waits for the others.
    const started = await Promise.all(members.map((member) => member.start()));
    return started.find(({ ok: isUp }) => !isUp) ?? ok(undefined);
  };
  const started = await start();
  if (!started.ok) {
    await stop();
    return started;
  }
  return ok({ members, stop: () => (stopping ??= stop()) });
}
