import {
  exchangeName,
  nodeQueueName,
  replyQueueName,
  undeliveredExchange,
  undeliveredHereExchange,
  undeliveredThereExchange,
} from '@muster/protocol/topology';
import { describe, expect, test } from 'vitest';
import { brokerDefinitions, siteUser } from './index.ts';

const collectives = ['muster', 'web-team'];
const site = {
  name: 'north',
  other: { name: 'south', host: 'b.south.example.com', port: 5671 },
  folder: '/etc/rabbitmq',
};
const definitions = brokerDefinitions({
  collectives,
  accounts: { members: [{ role: 'person', name: 'alice' }], passwords: null },
  randomBytes: (count) => new Uint8Array(count).fill(7),
  site,
});
const federated = collectives.flatMap((collective) =>
  (['broadcast', 'directed', 'reply', 'registry'] as const).map((purpose) => exchangeName(collective, purpose)),
);

describe('a broker that is one of two sites', () => {
  test('federates every exchange of the collectives, and no other', () => {
    const policy = definitions.policies.find((one) => one['apply-to'] === 'exchanges');
    expect(policy?.definition).toEqual({ 'federation-upstream': 'south' });
    const covered = definitions.exchanges.filter(({ name }) => new RegExp(policy?.pattern ?? '').test(name));
    expect(covered.map(({ name }) => name).sort()).toEqual(federated.sort());
  });

  test('lets the other site use its own links and nothing else', () => {
    const permission = definitions.permissions.find(({ user }) => user === siteUser('south'));
    const allows = (kind: 'configure' | 'write' | 'read', name: string) =>
      permission !== undefined && new RegExp(permission[kind]).test(name);
    for (const exchange of federated) {
      for (const end of ['', ' A', ' B']) {
        const own = `federation: ${exchange} -> south${end}`;
        for (const kind of ['configure', 'write', 'read'] as const) {
          expect(allows(kind, own), own).toBe(true);
          expect(allows(kind, `federation: ${exchange} -> east${end}`)).toBe(false);
        }
      }
      expect(allows('read', exchange)).toBe(true);
      expect(allows('write', exchange) || allows('configure', exchange), exchange).toBe(false);
    }
    expect(allows('read', 'undelivered.south')).toBe(true);
    const others = [
      nodeQueueName('web01'),
      replyQueueName('alice', '0123456789abcdef0123456789abcdef'),
      'undelivered.north',
      undeliveredExchange,
      undeliveredHereExchange,
      undeliveredThereExchange,
      'amq.topic',
      '',
    ];
    for (const name of others) {
      for (const kind of ['configure', 'write', 'read'] as const) expect(allows(kind, name), name).toBe(false);
    }
  });

  test('lets nobody write to the exchanges that bring back what died', () => {
    for (const exchange of [undeliveredExchange, undeliveredHereExchange, undeliveredThereExchange]) {
      for (const { user, write } of definitions.permissions) expect(new RegExp(write).test(exchange), user).toBe(false);
    }
  });

  test('has one policy for each queue: of nodes, and of links', () => {
    const queues = [nodeQueueName('web01'), ...federated.map((exchange) => `federation: ${exchange} -> south`)];
    const policiesOf = (queue: string) =>
      definitions.policies.filter((one) => one['apply-to'] === 'queues' && new RegExp(one.pattern).test(queue));
    for (const queue of queues) expect(policiesOf(queue), queue).toHaveLength(1);
    for (const queue of [nodeQueueName('web01'), 'federation: web-team.directed -> south']) {
      expect(policiesOf(queue)[0]?.definition, queue).toMatchObject({
        'dead-letter-exchange': undeliveredHereExchange,
      });
    }
    expect(policiesOf(replyQueueName('alice', '00'))).toMatchObject([
      { definition: expect.not.objectContaining({ 'dead-letter-exchange': undeliveredHereExchange }) as object },
    ]);
    expect(policiesOf('undelivered.south')).toEqual([]);
  });

  test('bounds all that waits for the other site', () => {
    for (const { name, definition } of definitions.policies.filter((one) => one.name.startsWith('muster-link-')))
      expect(definition['max-length-bytes'], name).toBeGreaterThan(0);
    expect(definitions.queues[0]?.arguments['x-max-length-bytes']).toBeGreaterThan(0);
  });

  test('knows the other site by its certificate alone', () => {
    const link = definitions.parameters.find(({ component }) => component === 'federation-upstream');
    const uri = new URL(String(link?.value['uri']));
    expect(uri).toMatchObject({ host: 'b.south.example.com:5671', username: '', password: '' });
    expect(uri.searchParams.get('auth_mechanism')).toBe('external');
    expect(definitions.users.find(({ name }) => name === siteUser('south'))?.password_hash).toBe('');
  });
});

test('a broker by itself has none of it', () => {
  const { queues, bindings, parameters, users } = brokerDefinitions({
    collectives,
    accounts: { members: [{ role: 'node', name: 'web01' }], passwords: null },
    randomBytes: (count) => new Uint8Array(count).fill(7),
  });
  expect({ queues, bindings }).toEqual({ queues: [], bindings: [] });
  expect(parameters.map(({ component }) => component)).toEqual(['vhost-limits']);
  expect(users.map(({ name }) => name)).toEqual(['CN=web01,OU=node,O=Muster']);
});
