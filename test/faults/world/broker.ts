import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeAccount } from '@muster/broker-config/files';
import {
  startPrivateBroker,
  startPrivateCluster,
  type ClusterMember,
  type PrivateBroker,
} from '@muster/broker-config/private';
import type { PreparedHome } from '@muster/build/fleet';
import { unwrap } from '@muster/protocol/errors';
import { defaultCollective } from '@muster/protocol/identity';
import { issueCertificate } from '@muster/runtime/pki';
import type { ChannelModel } from 'amqplib';
import { connectAmqp } from '../../support/amqp.ts';

/** One broker or a cluster, and what an outage may do to it. One outage at a time. */
interface BrokerProcesses {
  readonly isCluster: boolean;
  readonly pid: number;
  /** Where to connect now. */
  port(): number;
  /** Ends it properly and starts it again after a while; of a cluster, one of the brokers is killed. */
  restart(downMs: number): Promise<void>;
  /** Kills it, all of it, and starts it again after a while, on what the disk has. */
  kill(downMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** The broker of the fleet. */
export interface FaultBroker extends BrokerProcesses {
  /** A connection of an operator with the rights of all nodes or of a person, past all proxies. */
  connectAs(who: 'node' | { readonly person: string }): Promise<ChannelModel>;
}

const portOf = (url: string): number => Number(new URL(url).port);

async function startOne(home: PreparedHome): Promise<BrokerProcesses> {
  const start = async () =>
    unwrap(await startPrivateBroker({ home: home.folder, collectives: [defaultCollective], randomBytes, ...home }));
  let broker: PrivateBroker = await start();
  async function outage(end: () => Promise<void>, downMs: number): Promise<void> {
    await end();
    await pause(downMs);
    broker = await start();
  }
  return {
    isCluster: false,
    get pid() {
      return broker.pid;
    },
    port: () => portOf(broker.url),
    restart: (downMs) => outage(() => broker.stop(), downMs),
    kill: (downMs) =>
      outage(async () => {
        process.kill(broker.pid, 'SIGKILL');
        await broker.stop();
      }, downMs),
    stop: () => broker.stop(),
  };
}

async function startThree(home: PreparedHome): Promise<BrokerProcesses> {
  const cluster = unwrap(
    await startPrivateCluster({ home: home.folder, collectives: [defaultCollective], randomBytes, ...home }),
  );
  const { members } = cluster;
  const down = new Set<ClusterMember>();
  let turn = 0;
  async function outage(lost: readonly ClusterMember[], downMs: number): Promise<void> {
    for (const member of lost) down.add(member);
    await Promise.all(lost.map((member) => member.kill()));
    await pause(downMs);
    // Together: one that was not the last to end waits for the others.
    for (const started of await Promise.all(lost.map((member) => member.start()))) unwrap(started);
    for (const member of lost) down.delete(member);
  }
  return {
    isCluster: true,
    get pid() {
      return members[0]?.pid ?? 0;
    },
    port() {
      const up = members.filter((member) => !down.has(member));
      const chosen = up[turn++ % Math.max(1, up.length)] ?? members[0];
      return portOf(chosen?.url ?? '');
    },
    restart: (downMs) => {
      const next = turn++ % members.length;
      return outage(members.slice(next, next + 1), downMs);
    },
    kill: (downMs) => outage(members, downMs),
    stop: () => cluster.stop(),
  };
}

const operatorAttempts = 10;

/** Starts one broker, or three that are one. */
export async function startFaultBroker(home: PreparedHome, brokers: 1 | 3): Promise<FaultBroker> {
  const { passwords } = home.accounts;
  if (passwords === null) throw new Error('The home has no account that nodes share');
  const { nodePassword } = passwords;
  const processes = await (brokers === 1 ? startOne(home) : startThree(home));
  let busy: Promise<void> = Promise.resolve();
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = busy.then(work);
    busy = turn.catch(() => undefined);
    return turn;
  }

  async function connect(who: 'node' | { readonly person: string }): Promise<ChannelModel> {
    const role = who === 'node' ? 'node' : 'person';
    const name = who === 'node' ? 'faults-operator' : who.person;
    const issued = await issueCertificate(home.authority, { role, name, validDays: 1 });
    return connectAmqp({
      urls: [`amqps://127.0.0.1:${processes.port()}`],
      ...(who === 'node' ? { account: { username: nodeAccount, password: nodePassword } } : {}),
      ca: home.authority.certificatePem,
      certificate: issued.certificatePem,
      key: issued.keyPem,
      connectionName: 'faults',
    });
  }

  return {
    isCluster: processes.isCluster,
    get pid() {
      return processes.pid;
    },
    port: () => processes.port(),
    restart: (downMs) => inTurn(() => processes.restart(downMs)),
    kill: (downMs) => inTurn(() => processes.kill(downMs)),
    async connectAs(who) {
      for (let attempt = 1; ; attempt++) {
        await busy;
        try {
          return await connect(who);
        } catch (thrown) {
          // The next outage may have begun already.
          if (attempt === operatorAttempts) throw thrown;
        }
      }
    },
    async stop() {
      await busy;
      await processes.stop();
    },
  };
}
