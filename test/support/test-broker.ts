import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeUser, personUser } from '@muster/broker-config/files';
import { startPrivateBroker } from '@muster/broker-config/private';
import { unwrap } from '@muster/protocol/errors';
import type { BrokerSettings } from '@muster/runtime/bus';
import { createAuthority, issueCertificate, type Authority } from '@muster/runtime/pki';

/** A real RabbitMQ with its accounts, for one test file. */
export interface TestBroker {
  readonly url: string;
  readonly home: string;
  readonly pid: number;
  readonly authority: Authority;
  /** What a node needs to connect, with a new certificate. */
  nodeSettings(identity: string): Promise<BrokerSettings>;
  /** What one of the broker's persons needs to connect, with a new certificate. */
  personSettings(name: string): Promise<BrokerSettings>;
  /** Stops the broker and starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Stops the broker, leaving its data for a later `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops the broker and removes its home. */
  stop(): Promise<void>;
}

/** Starts a broker with the default collective and the persons `demo` and `other`, unless told otherwise. */
export async function startTestBroker(
  options: { collectives?: readonly string[]; persons?: readonly string[]; homePrefix?: string } = {},
): Promise<TestBroker> {
  const { collectives = ['muster'], persons = ['demo', 'other'], homePrefix = 'muster-test-' } = options;
  const home = await mkdtemp(join(tmpdir(), homePrefix));
  const authority = await createAuthority({ name: 'Test authority', clock: () => Date.now() });
  const password = 'only-for-this-test';
  const accounts = { nodePassword: password, persons: persons.map((name) => ({ name, password })) };
  const start = async () => unwrap(await startPrivateBroker({ home, authority, collectives, accounts, randomBytes }));
  let broker = await start();
  const settings = async (role: 'node' | 'person', name: string): Promise<BrokerSettings> => {
    const { certificatePem, keyPem } = await issueCertificate(authority, { role, name, validDays: 1 });
    return {
      urls: [broker.url],
      username: role === 'node' ? nodeUser : personUser(name),
      password,
      ca: authority.certificatePem,
      certificate: certificatePem,
      key: keyPem,
      connectionName: `test ${name}`,
    };
  };
  return {
    get url() {
      return broker.url;
    },
    get pid() {
      return broker.pid;
    },
    home,
    authority,
    nodeSettings: (identity) => settings('node', identity),
    personSettings: (name) => settings('person', name),
    async restart() {
      await broker.stop();
      broker = await start();
    },
    pause: () => broker.stop(),
    async resume() {
      broker = await start();
    },
    async stop() {
      await broker.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
