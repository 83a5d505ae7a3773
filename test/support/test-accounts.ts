import { memberDefinitions } from '@muster/broker-config/files';
import { createBrokerUsers, type RabbitmqCtl } from '@muster/broker-config/control';
import { unwrap } from '@muster/protocol/errors';
import type { Member } from '@muster/protocol/topology';
import type { BrokerSettings } from '@muster/runtime/bus';
import { issueCertificate, type Authority } from '@muster/runtime/pki';

/** What somebody needs to connect, with a new certificate. */
export async function testSettings(who: {
  readonly authority: Authority;
  readonly urls: readonly string[];
  readonly member: Member;
}): Promise<BrokerSettings> {
  const { authority, urls, member } = who;
  const { certificatePem, keyPem } = await issueCertificate(authority, { ...member, validDays: 1 });
  return {
    urls,
    ca: authority.certificatePem,
    certificate: certificatePem,
    key: keyPem,
    connectionName: `test ${member.name}`,
  };
}

/** These nodes, and these persons: `demo` and `other` unless told otherwise. */
export const testMembers = (
  nodes: readonly string[],
  persons: readonly string[] = ['demo', 'other'],
): readonly Member[] => [
  ...persons.map((name) => ({ role: 'person', name }) as const),
  ...nodes.map((name) => ({ role: 'node', name }) as const),
];

/** Who may connect to a broker of a test: some from the start, others once somebody wants to. */
export class TestAccounts {
  readonly #collectives: readonly string[];
  readonly #known: Set<string>;
  #admitting: Promise<void> = Promise.resolve();

  constructor(members: readonly Member[], collectives: readonly string[]) {
    this.#collectives = collectives;
    this.#known = new Set(members.map(({ role, name }) => `${role} ${name}`));
  }

  /** Makes users on the broker for those who have none; a call takes seconds, so name many at once. */
  admit(ctl: RabbitmqCtl, members: readonly Member[]): Promise<void> {
    this.#admitting = this.#admitting.then(async () => {
      const strangers = members.filter(({ role, name }) => !this.#known.has(`${role} ${name}`));
      if (strangers.length === 0) return;
      unwrap(await createBrokerUsers(ctl).put(memberDefinitions(strangers, this.#collectives)));
      for (const { role, name } of strangers) this.#known.add(`${role} ${name}`);
    });
    return this.#admitting;
  }
}
