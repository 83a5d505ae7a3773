import { afterEach, describe, expect, it } from 'vitest';
import type { Bus, Delivery, Subscription } from '@muster/runtime/bus';
import type { Fault } from '@muster/protocol/errors';
import { exchangeName, nodeQueue, nodeQueueName, replyQueue, replyQueueName } from '@muster/protocol/topology';
import { eventually } from '../../support/eventually.ts';

/** What the suite needs of a broker: connections for both roles, and a way to take it away and bring it back. */
export interface BrokerUnderTest {
  connectNode(): Promise<Bus> | Bus;
  connectPerson(): Promise<Bus> | Bus;
  readonly person: string;
  readonly collective: string;
  stop(): Promise<void> | void;
  start(): Promise<void> | void;
}

const text = (delivery: Delivery) => new TextDecoder().decode(delivery.body);
const bytes = (content: string) => new TextEncoder().encode(content);

const isUp = (bus: Bus) => eventually(() => expect(bus.state.status).toBe('up'), 60_000);

/** Holds for every implementation of `Bus`: the double in memory and the one on RabbitMQ. */
export function describeBus(name: string, start: () => BrokerUnderTest): void {
  describe(`a bus on ${name}`, () => {
    const open: Bus[] = [];
    let nextNode = 1;

    const node = async () => connected(await start().connectNode());
    const person = async () => connected(await start().connectPerson());

    async function connected(bus: Bus): Promise<Bus> {
      open.push(bus);
      await isUp(bus);
      return bus;
    }

    const newIdentity = () => `node${nextNode++}.bus.test`;

    function nodeSubscription(identity: string, received: Delivery[], more: Partial<Subscription> = {}): Subscription {
      const { collective } = start();
      return {
        queue: { name: nodeQueueName(identity), declaration: nodeQueue },
        bindings: [
          { exchange: exchangeName(collective, 'directed'), routingKey: identity },
          { exchange: exchangeName(collective, 'broadcast'), routingKey: 'rpcutil' },
        ],
        prefetch: 10,
        exclusive: true,
        onDelivery: (delivery) => {
          received.push(delivery);
          delivery.ack();
        },
        ...more,
      };
    }

    const directed = (routingKey: string, content: string) => ({
      exchange: exchangeName(start().collective, 'directed'),
      routingKey,
      body: bytes(content),
      persistent: true,
      mandatory: true,
    });

    afterEach(async () => {
      await Promise.all(open.splice(0).map((bus) => bus.close()));
    });

    it('delivers a directed message to the one queue that is bound', async () => {
      const identity = newIdentity();
      const received: Delivery[] = [];
      const subscribed = await (await node()).subscribe(nodeSubscription(identity, received));
      expect(subscribed.ok).toBe(true);
      expect(await (await person()).publish(directed(identity, 'hello'))).toEqual({ ok: true, value: undefined });
      await eventually(() => expect(received.map(text)).toEqual(['hello']));
      expect(received[0]).toMatchObject({ routingKey: identity, redelivered: false });
    });

    it('delivers a broadcast to every bound queue', async () => {
      const first: Delivery[] = [];
      const second: Delivery[] = [];
      await (await node()).subscribe(nodeSubscription(newIdentity(), first));
      await (await node()).subscribe(nodeSubscription(newIdentity(), second));
      const sent = await (
        await person()
      ).publish({
        exchange: exchangeName(start().collective, 'broadcast'),
        routingKey: 'rpcutil',
        body: bytes('all'),
        persistent: false,
        mandatory: false,
      });
      expect(sent.ok).toBe(true);
      await eventually(() => expect([first.map(text), second.map(text)]).toEqual([['all'], ['all']]));
    });

    it('delivers by new bindings after a change, no longer by old ones, and so after a reconnect', async () => {
      const identity = newIdentity();
      const received: Delivery[] = [];
      const subscription = nodeSubscription(identity, received);
      const nodeBus = await node();
      const subscribed = await nodeBus.subscribe(subscription);
      if (!subscribed.ok) throw new Error(subscribed.error.message);
      const [own] = subscription.bindings;
      if (own === undefined) throw new Error('A node has a binding of its own');
      const broadcast = (routingKey: string) => ({
        exchange: exchangeName(start().collective, 'broadcast'),
        routingKey,
        body: bytes(routingKey),
        persistent: false,
        mandatory: false,
      });
      await subscribed.value.rebind([
        own,
        { exchange: exchangeName(start().collective, 'broadcast'), routingKey: 'package' },
      ]);
      const ask = async () => {
        const bus = await person();
        await bus.publish(broadcast('rpcutil'));
        await bus.publish(broadcast('package'));
        await bus.publish(directed(identity, 'last'));
      };
      await ask();
      await eventually(() => expect(received.map(text)).toEqual(['package', 'last']));
      await start().stop();
      await eventually(() => expect(nodeBus.state.status).not.toBe('up'), 60_000);
      await start().start();
      await isUp(nodeBus);
      await ask();
      await eventually(() => expect(received.map(text)).toEqual(['package', 'last', 'package', 'last']));
    });

    it('says when no queue takes a mandatory message, and which one it was', async () => {
      const identity = newIdentity();
      const received: Delivery[] = [];
      await (await node()).subscribe(nodeSubscription(identity, received));
      const bus = await person();
      const results = await Promise.all(
        ['nobody', identity, 'nobody2', identity].map((key) => bus.publish(directed(key, key))),
      );
      expect(results.map((result) => (result.ok ? 'taken' : result.error.code))).toEqual([
        'broker.unroutable',
        'taken',
        'broker.unroutable',
        'taken',
      ]);
    });

    it('refuses a second consumer of an exclusive queue', async () => {
      const identity = newIdentity();
      await (await node()).subscribe(nodeSubscription(identity, []));
      const second = await (await node()).subscribe(nodeSubscription(identity, []));
      expect(second).toMatchObject({ ok: false, error: { code: 'identity.duplicate' } });
    });

    it('holds no more than the prefetch without an acknowledgement', async () => {
      const identity = newIdentity();
      const held: Delivery[] = [];
      const hold = { prefetch: 2, onDelivery: (delivery: Delivery) => void held.push(delivery) };
      await (await node()).subscribe(nodeSubscription(identity, [], hold));
      const bus = await person();
      for (const content of ['1', '2', '3']) await bus.publish(directed(identity, content));
      await eventually(() => expect(held.map(text)).toEqual(['1', '2']));
      held[0]?.ack();
      await eventually(() => expect(held.map(text)).toEqual(['1', '2', '3']));
    });

    it('delivers again what was not acknowledged before the subscription ended', async () => {
      const identity = newIdentity();
      const held: Delivery[] = [];
      const bus = await node();
      const first = await bus.subscribe(
        nodeSubscription(identity, [], { onDelivery: (delivery) => void held.push(delivery) }),
      );
      await (await person()).publish(directed(identity, 'again'));
      await eventually(() => expect(held).toHaveLength(1));
      if (first.ok) await first.value.cancel();
      const received: Delivery[] = [];
      await bus.subscribe(nodeSubscription(identity, received));
      await eventually(() =>
        expect(received.map((delivery) => [text(delivery), delivery.redelivered])).toEqual([['again', true]]),
      );
    });

    it('answers through a reply queue, which can be deleted', async () => {
      const { person: name, collective } = start();
      const queue = replyQueueName(name, '0'.repeat(31) + String(nextNode++ % 10));
      const received: Delivery[] = [];
      const subscribed = await (
        await person()
      ).subscribe({
        queue: { name: queue, declaration: replyQueue },
        bindings: [{ exchange: exchangeName(collective, 'reply'), routingKey: queue }],
        prefetch: 100,
        exclusive: false,
        onDelivery: (delivery) => {
          received.push(delivery);
          delivery.ack();
        },
      });
      const answer = {
        exchange: exchangeName(collective, 'reply'),
        routingKey: queue,
        body: bytes('pong'),
        persistent: true,
        mandatory: true,
      };
      const bus = await node();
      expect((await bus.publish(answer)).ok).toBe(true);
      await eventually(() => expect(received.map(text)).toEqual(['pong']));
      if (subscribed.ok) await subscribed.value.cancel({ deleteQueue: true });
      expect(await bus.publish(answer)).toMatchObject({ ok: false, error: { code: 'broker.unroutable' } });
    });

    it('comes back with its subscriptions after the broker was away, and says so', async () => {
      const identity = newIdentity();
      const received: Delivery[] = [];
      const nodeBus = await node();
      const personBus = await person();
      const states: string[] = [];
      const faults: Fault[] = [];
      personBus.onState((state) => states.push(state.status));
      await nodeBus.subscribe(nodeSubscription(identity, received, { onFault: (fault) => faults.push(fault) }));
      await start().stop();
      await eventually(() => expect([nodeBus.state.status, personBus.state.status]).toEqual(['down', 'down']), 10_000);
      expect(await personBus.publish(directed(identity, 'lost'))).toMatchObject({
        ok: false,
        error: { code: 'broker.closed' },
      });
      await start().start();
      await isUp(nodeBus);
      await isUp(personBus);
      expect(states.at(0)).toBe('down');
      expect(states.at(-1)).toBe('up');
      await eventually(async () => expect((await personBus.publish(directed(identity, 'back'))).ok).toBe(true));
      await eventually(() => expect(received.map(text)).toContain('back'));
      expect(faults).toEqual([]);
    });

    it('refuses everything once it is closed', async () => {
      const bus = await person();
      await bus.close();
      expect(bus.state.status).toBe('closed');
      expect(await bus.publish(directed('anybody', 'late'))).toMatchObject({
        ok: false,
        error: { code: 'broker.closed' },
      });
      expect(await bus.subscribe(nodeSubscription(newIdentity(), []))).toMatchObject({
        ok: false,
        error: { code: 'broker.closed' },
      });
    });
  });
}
