import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrivateCluster, type ClusterMember } from '@muster/broker-config/private';
import { unwrap } from '@muster/protocol/errors';
import type { Member } from '@muster/protocol/topology';
import type { BrokerSettings } from '@muster/runtime/bus';
import { createAuthority, type Authority } from '@muster/runtime/pki';
import { testMembers, testSettings } from './test-accounts.ts';

/** Three real RabbitMQ that are one cluster, with the persons `demo` and `other`. */
export interface TestCluster {
  readonly members: readonly ClusterMember[];
  readonly home: string;
  readonly authority: Authority;
  nodeSettings(identity: string): Promise<BrokerSettings>;
  personSettings(name: string): Promise<BrokerSettings>;
  /** Stops all brokers and removes their home. */
  stop(): Promise<void>;
}

/** Starts it for these nodes. */
export async function startTestCluster(nodes: readonly string[]): Promise<TestCluster> {
  const home = await mkdtemp(join(tmpdir(), 'muster-cluster-'));
  const authority = await createAuthority({ name: 'Test authority', clock: () => Date.now() });
  const members = testMembers(nodes);
  const accounts = { members, passwords: null };
  const cluster = unwrap(
    await startPrivateCluster({ home, authority, collectives: ['muster'], accounts, randomBytes }),
  );
  const urls = cluster.members.map(({ url }) => url);
  const settings = async (member: Member): Promise<BrokerSettings> => ({
    ...(await testSettings({ authority, urls, member })),
    queueType: 'quorum',
    startAnywhere: true,
  });
  return {
    members: cluster.members,
    home,
    authority,
    nodeSettings: (name) => settings({ role: 'node', name }),
    personSettings: (name) => settings({ role: 'person', name }),
    async stop() {
      await cluster.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
