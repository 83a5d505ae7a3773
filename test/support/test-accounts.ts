import { nodeUser, personUser, type BrokerAccounts } from '@muster/broker-config/files';
import type { BrokerSettings } from '@muster/runtime/bus';
import { issueCertificate, type Authority } from '@muster/runtime/pki';

const password = 'only-for-this-test';

export const testAccounts = (persons: readonly string[]): BrokerAccounts => ({
  nodePassword: password,
  persons: persons.map((name) => ({ name, password })),
});

/** What a node or one of the persons needs to connect, with a new certificate. */
export async function testSettings(who: {
  readonly authority: Authority;
  readonly urls: readonly string[];
  readonly role: 'node' | 'person';
  readonly name: string;
}): Promise<BrokerSettings> {
  const { authority, urls, role, name } = who;
  const { certificatePem, keyPem } = await issueCertificate(authority, { role, name, validDays: 1 });
  return {
    urls,
    username: role === 'node' ? nodeUser : personUser(name),
    password,
    ca: authority.certificatePem,
    certificate: certificatePem,
    key: keyPem,
    connectionName: `test ${name}`,
  };
}
