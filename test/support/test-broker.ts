import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeAccount } from '@muster/broker-config/files';
import { startPrivateBroker } from '@muster/broker-config/private';
import type { RabbitmqCtl } from '@muster/broker-config/control';
import { unwrap } from '@muster/protocol/errors';
import type { Member } from '@muster/protocol/topology';
import type { BrokerSettings } from '@muster/runtime/bus';
import { createAuthority, type Authority } from '@muster/runtime/pki';
import { TestAccounts, testMembers, testSettings } from './test-accounts.ts';

/** A real RabbitMQ with its accounts, for one test file. */
export interface TestBroker {
  readonly url: string;
  readonly home: string;
  readonly pid: number;
  readonly authority: Authority;
  /** Its command line. */
  ctl(): RabbitmqCtl;
  /** Lets nodes connect with certificates of the authority. */
  admitNodes(...identities: readonly string[]): Promise<void>;
  /** What a node needs to connect, with a new certificate. */
  nodeSettings(identity: string): Promise<BrokerSettings>;
  /** What anybody needs to connect, with a new certificate. */
  memberSettings(member: Member): Promise<BrokerSettings>;
  /** What a person needs to connect, with a new certificate. */
  personSettings(name: string): Promise<BrokerSettings>;
  /** What is needed to connect by the account of all nodes; the broker must have passwords. */
  anyNodeSettings(): Promise<BrokerSettings>;
  /** Stops the broker and starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Stops the broker, leaving its data for a later `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops the broker and removes its home. */
  stop(): Promise<void>;
}

export interface TestBrokerOptions {
  /** One that exists; a new one when absent. */
  readonly authority?: Authority;
  readonly collectives?: readonly string[];
  readonly persons?: readonly string[];
  /** Nodes that may connect from the start; others may once their settings are asked for. */
  readonly nodes?: readonly string[];
  /** Who else may connect from the start. */
  readonly members?: readonly Member[];
  /** What the authority took back, PEM. */
  readonly revocations?: string;
  /** Whether there is an account with a password that all nodes may share. */
  readonly passwords?: boolean;
  readonly homePrefix?: string;
  /** Plugins of RabbitMQ. */
  readonly plugins?: readonly string[];
  /** Further lines of `rabbitmq.conf`. */
  readonly settings?: readonly string[];
}

const testPassword = 'only-for-this-test';

/** Starts a broker with the default collective and the persons `demo` and `other`, unless told otherwise. */
export async function startTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const { persons, homePrefix = 'muster-test-' } = options;
  const { collectives = ['muster'], nodes = [], plugins = [], settings = [] } = options;
  const home = await mkdtemp(join(tmpdir(), homePrefix));
  const authority = options.authority ?? (await createAuthority({ name: 'Test authority', clock: () => Date.now() }));
  const members = [...testMembers(nodes, persons), ...(options.members ?? [])];
  const { revocations = '' } = options;
  const accounts = new TestAccounts(members, collectives);
  const passwords = options.passwords === true ? { nodePassword: testPassword, persons: [] } : null;
  const brokerAccounts = { members, passwords };
  const common = {
    home,
    authority,
    collectives,
    accounts: brokerAccounts,
    randomBytes,
    plugins,
    settings,
    revocations,
  };
  const start = async () => unwrap(await startPrivateBroker(common));
  let broker = await start();
  const settingsOf = async (member: Member) => {
    await accounts.admit(broker.ctl, [member]);
    return testSettings({ authority, urls: [broker.url], member });
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
    ctl: () => broker.ctl,
    admitNodes: (...identities) =>
      accounts.admit(
        broker.ctl,
        identities.map((name) => ({ role: 'node', name })),
      ),
    memberSettings: settingsOf,
    nodeSettings: (name) => settingsOf({ role: 'node', name }),
    personSettings: (name) => settingsOf({ role: 'person', name }),
    async anyNodeSettings() {
      const member = { role: 'node', name: 'any.node.test' } as const;
      const account = { username: nodeAccount, password: testPassword };
      return { ...(await testSettings({ authority, urls: [broker.url], member })), account };
    },
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
