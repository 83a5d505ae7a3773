import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { personUser, nodeUser } from '@muster/broker-config/files';
import { startPrivateBroker, type PrivateBroker } from '@muster/broker-config/private';
import type { PreparedHome } from '@muster/build/fleet';
import { unwrap } from '@muster/protocol/errors';
import { defaultCollective } from '@muster/protocol/identity';
import { issueCertificate } from '@muster/runtime/pki';
import type { ChannelModel } from 'amqplib';
import { connectAmqp } from '../../support/amqp.ts';

/** The broker of the fleet, and what an operator or an outage may do to it. */
export interface FaultBroker {
  readonly pid: number;
  port(): number;
  /** Stops it properly and starts it again after a while. */
  restart(downMs: number): Promise<void>;
  /** Kills it and starts it again after a while, on what the disk has. */
  kill(downMs: number): Promise<void>;
  /** A connection of an operator with the rights of nodes or of a person, past all proxies. */
  connectAs(who: 'node' | { readonly person: string }): Promise<ChannelModel>;
  stop(): Promise<void>;
}

const operatorAttempts = 10;

export async function startFaultBroker(home: PreparedHome): Promise<FaultBroker> {
  const start = async () =>
    unwrap(await startPrivateBroker({ home: home.folder, collectives: [defaultCollective], randomBytes, ...home }));
  let broker: PrivateBroker = await start();
  /** One outage at a time. */
  let busy: Promise<void> = Promise.resolve();
  const after = (work: () => Promise<void>): Promise<void> => (busy = busy.then(work));

  async function outage(end: () => Promise<void>, downMs: number): Promise<void> {
    await end();
    await pause(downMs);
    broker = await start();
  }

  return {
    get pid() {
      return broker.pid;
    },
    port: () => Number(new URL(broker.url).port),
    restart: (downMs) => after(() => outage(() => broker.stop(), downMs)),
    kill: (downMs) =>
      after(() =>
        outage(async () => {
          process.kill(broker.pid, 'SIGKILL');
          await broker.stop();
        }, downMs),
      ),
    async connectAs(who) {
      const role = who === 'node' ? 'node' : 'person';
      const name = who === 'node' ? 'faults-operator' : who.person;
      const issued = await issueCertificate(home.authority, { role, name, validDays: 1 });
      const account = home.accounts.persons.find((person) => person.name === name);
      const connect = (): Promise<ChannelModel> =>
        connectAmqp({
          urls: [broker.url],
          username: who === 'node' ? nodeUser : personUser(name),
          password: account?.password ?? home.accounts.nodePassword,
          ca: home.authority.certificatePem,
          certificate: issued.certificatePem,
          key: issued.keyPem,
          connectionName: 'faults',
        });
      for (let attempt = 1; ; attempt++) {
        await busy;
        try {
          return await connect();
        } catch (thrown) {
          // The next outage may have begun already.
          if (attempt === operatorAttempts) throw thrown;
        }
      }
    },
    async stop() {
      await busy.catch(() => undefined);
      await broker.stop();
    },
  };
}
