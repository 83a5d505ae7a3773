import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrivateBroker } from '@muster/broker-config/private';
import { unwrap } from '@muster/protocol/errors';
import type { BrokerSettings } from '@muster/runtime/bus';
import { createAuthority, type Authority } from '@muster/runtime/pki';
import { testAccounts, testSettings } from './test-accounts.ts';

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

export interface TestBrokerOptions {
  readonly collectives?: readonly string[];
  readonly persons?: readonly string[];
  readonly homePrefix?: string;
  /** Plugins of RabbitMQ. */
  readonly plugins?: readonly string[];
  /** Further lines of `rabbitmq.conf`. */
  readonly settings?: readonly string[];
}

/** Starts a broker with the default collective and the persons `demo` and `other`, unless told otherwise. */
export async function startTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const { persons = ['demo', 'other'], homePrefix = 'muster-test-' } = options;
  const { collectives = ['muster'], plugins = [], settings = [] } = options;
  const home = await mkdtemp(join(tmpdir(), homePrefix));
  const authority = await createAuthority({ name: 'Test authority', clock: () => Date.now() });
  const accounts = testAccounts(persons);
  const start = async () =>
    unwrap(await startPrivateBroker({ home, authority, collectives, accounts, randomBytes, plugins, settings }));
  let broker = await start();
  const settingsOf = (role: 'node' | 'person', name: string) =>
    testSettings({ authority, urls: [broker.url], role, name });
  return {
    get url() {
      return broker.url;
    },
    get pid() {
      return broker.pid;
    },
    home,
    authority,
    nodeSettings: (identity) => settingsOf('node', identity),
    personSettings: (name) => settingsOf('person', name),
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
