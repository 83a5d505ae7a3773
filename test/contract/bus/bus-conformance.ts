import { afterEach, describe, expect, it } from 'vitest';
import type { Bus, Delivery, Subscription } from '@muster/runtime/bus';
import { unwrap, type Fault } from '@muster/protocol/errors';
import {
  exchangeName,
  lockQueue,
  lockQueueName,
  nodeQueue,
  nodeQueueName,
  replyQueue,
  replyQueueName,
  undeliveredExchange,
  undeliveredKey,
  type QueueType,
} from '@muster/protocol/topology';
import { randomBytes, randomId } from '@muster/runtime/crypto';
import { eventually } from '../../support/eventually.ts';

/** What the suite needs of a broker: connections for both roles, and a way to take it away and bring it back. */
export interface BrokerUnderTest {
  connectNode(): Promise<Bus> | Bus;
  connectPerson(): Promise<Bus> | Bus;
  readonly person: string;
  readonly collective: string;
  readonly queueType: QueueType;
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

    const newRequestId = () => randomId(randomBytes);
    const newIdentity = () => `node${nextNode++}.${start().queueType}.test`;

    function nodeSubscription(identity: string, received: Delivery[], more: Partial<Subscription> = {}): Subscription {
      const { collective, queueType } = start();
      return {
        queue: { name: nodeQueueName(identity), declaration: nodeQueue(queueType) },
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
      // What was acknowledged just before the broker went may be delivered once more.
      const heard = () => received.map(text).filter((one, index, all) => one !== all[index - 1]);
      await eventually(() => expect(heard()).toEqual(['package', 'last', 'package', 'last']));
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
      const { person: name, collective, queueType } = start();
      const queue = replyQueueName(name, newRequestId());
      const received: Delivery[] = [];
      const subscribed = await (
        await person()
      ).subscribe({
        queue: { name: queue, declaration: replyQueue(queueType) },
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

    /** Listens for what comes back of a request of the person. */
    async function awaitUndelivered(bus: Bus, requestId: string): Promise<Delivery[]> {
      const { person: name, queueType } = start();
      const returned: Delivery[] = [];
      unwrap(
        await bus.subscribe({
          queue: { name: replyQueueName(name, requestId), declaration: replyQueue(queueType) },
          bindings: [{ exchange: undeliveredExchange, routingKey: undeliveredKey(name, requestId) }],
          prefetch: 100,
          exclusive: false,
          onDelivery: (delivery) => {
            returned.push(delivery);
            delivery.ack();
          },
        }),
      );
      return returned;
    }

    /** A node that was there and is away, so that its queue waits for it. */
    async function absentNode(more: Partial<Subscription> = {}): Promise<string> {
      const identity = newIdentity();
      const bus = await node();
      unwrap(await bus.subscribe(nodeSubscription(identity, [], more)));
      await bus.close();
      return identity;
    }

    it('keeps for a node that is away what it is sent', async () => {
      const identity = await absentNode();
      expect((await (await person()).publish({ ...directed(identity, 'wait'), expirationMs: 2_592_000_000 })).ok).toBe(
        true,
      );
      const received: Delivery[] = [];
      await (await node()).subscribe(nodeSubscription(identity, received));
      await eventually(() => expect(received.map(text)).toEqual(['wait']));
      expect(received[0]).toMatchObject({ died: null });
    });

    it('brings what nobody took in time back to its sender, and says where it died', async () => {
      const { person: name } = start();
      const identity = await absentNode();
      const requestId = newRequestId();
      const bus = await person();
      const returned = await awaitUndelivered(bus, requestId);
      const another = await awaitUndelivered(bus, newRequestId());
      const request = { ...directed(identity, 'too late'), undeliveredKey: undeliveredKey(name, requestId) };
      unwrap(await bus.publish({ ...request, expirationMs: 50 }));
      await eventually(() => expect(returned.map(text)).toEqual(['too late']));
      expect(returned[0]?.died).toEqual({ queue: nodeQueueName(identity), reason: 'expired' });
      const received: Delivery[] = [];
      await (await node()).subscribe(nodeSubscription(identity, received));
      unwrap(await bus.publish({ ...request, body: bytes('in time'), expirationMs: 600_000 }));
      await eventually(() => expect(received.map(text)).toEqual(['in time']));
      expect([returned.length, another.length]).toEqual([1, 0]);
    });

    it('says when a queue is full, which keeps what it has', async () => {
      const declaration = nodeQueue(start().queueType);
      const small = { ...declaration, arguments: { ...declaration.arguments, 'x-max-length': 3 } };
      const identity = newIdentity();
      const queue = { name: nodeQueueName(identity), declaration: small };
      const first = await node();
      await first.subscribe(nodeSubscription(identity, [], { queue }));
      await first.close();
      const bus = await person();
      const taken: string[] = [];
      // RabbitMQ may take some more than the limit before it refuses.
      await eventually(async () => {
        const content = String(taken.length + 1);
        const published = await bus.publish(directed(identity, content));
        if (published.ok) taken.push(content);
        expect(published).toMatchObject({ ok: false, error: { code: 'broker.rejected' } });
      });
      expect(taken.length).toBeGreaterThanOrEqual(3);
      const received: Delivery[] = [];
      await (await node()).subscribe(nodeSubscription(identity, received, { queue }));
      await eventually(() => expect(received.map(text)).toEqual(taken));
      await eventually(async () => expect((await bus.publish(directed(identity, 'room again'))).ok).toBe(true));
    });

    it('gives a lock to one connection at a time, and to the next when that one is gone', async () => {
      const lock: Subscription = {
        queue: { name: lockQueueName(start().collective, 'package', newRequestId()), declaration: lockQueue },
        bindings: [],
        prefetch: 1,
        exclusive: true,
        onDelivery: () => undefined,
      };
      const [first, second] = [await person(), await person()];
      const held = unwrap(await first.subscribe(lock));
      for (const bus of [first, second]) {
        expect(await bus.subscribe(lock)).toMatchObject({ ok: false, error: { code: 'identity.duplicate' } });
      }
      await held.cancel();
      expect((await second.subscribe(lock)).ok).toBe(true);
      expect((await first.subscribe(lock)).ok).toBe(false);
      await second.close();
      await eventually(async () => expect((await first.subscribe(lock)).ok).toBe(true));
    });

    it('declares a queue anew that somebody deleted, and harms nothing else', async () => {
      const [identity, neighbour] = [newIdentity(), newIdentity()];
      const [received, others]: [Delivery[], Delivery[]] = [[], []];
      const faults: Fault[] = [];
      const nodeBus = await node();
      const lone = { exclusive: false, onFault: (fault: Fault) => void faults.push(fault) };
      unwrap(await nodeBus.subscribe(nodeSubscription(identity, received, lone)));
      unwrap(await nodeBus.subscribe(nodeSubscription(neighbour, others)));
      const operator = unwrap(await (await node()).subscribe(nodeSubscription(identity, [], { exclusive: false })));
      const bus = await person();
      const published = Array.from({ length: 100 }, (_, at) => bus.publish(directed(neighbour, String(at))));
      await operator.cancel({ deleteQueue: true });
      expect((await Promise.all(published)).every(({ ok }) => ok)).toBe(true);
      await eventually(async () => expect((await bus.publish(directed(identity, 'again'))).ok).toBe(true));
      await eventually(() => expect(received.map(text)).toContain('again'));
      await eventually(() => expect(others).toHaveLength(100));
      expect(faults.map(({ code }) => code)).toContain('broker.closed');
      expect(nodeBus.state.status).toBe('up');
    });

    it('says when a queue is there with other arguments, and harms nothing else', async () => {
      const identity = newIdentity();
      const bus = await node();
      unwrap(await bus.subscribe(nodeSubscription(identity, [])));
      const declaration = { ...nodeQueue(start().queueType), arguments: { 'x-expires': 60_000 } };
      const queue = { name: nodeQueueName(identity), declaration };
      const second = await (await node()).subscribe(nodeSubscription(identity, [], { queue, exclusive: false }));
      expect(second).toMatchObject({ ok: false, error: { code: 'broker.queue_differs' } });
      expect(bus.state.status).toBe('up');
      expect((await (await person()).publish(directed(identity, 'still'))).ok).toBe(true);
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
