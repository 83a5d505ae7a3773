import { expect, it, vi } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { FirstTry } from './first-try-state.svelte.ts';
import { SetupWatch } from './setup-state.svelte.ts';

async function watch() {
  const rig = createWindowRig(3);
  const onOpen = vi.fn();
  const setup = new SetupWatch(rig.bridge, onOpen);
  await rig.settled();
  return { ...rig, setup, onOpen };
}

it('SetupWatch reads an invitation, joins with it, and follows the waiting', async () => {
  const { engine, setup, settled, onOpen } = await watch();
  expect(setup.state?.stage).toBe('asking');
  setup.typeFile('/nowhere');
  await setup.read();
  expect([setup.invitation, setup.fault?.code]).toEqual([null, 'config.unreadable']);
  setup.typeFile(` ${engine.setup.invitation} `);
  expect(setup.fault).toBeNull();
  await setup.read();
  expect([setup.invitation?.names, setup.needsName]).toEqual(['alice', false]);
  await setup.join();
  await settled();
  expect(setup.state?.joining).toMatchObject({ name: 'alice', key: engine.setup.key, isHeld: true });
  await setup.leave();
  await settled();
  expect(setup.state?.stage).toBe('asking');
  expect(onOpen).not.toHaveBeenCalled();
  engine.setup.become({ stage: 'open' });
  await settled();
  expect(onOpen).toHaveBeenCalledOnce();
  setup.dispose();
});

it('SetupWatch joins through the proxy that is named, once what is said of it holds', async () => {
  const { engine, setup, settled } = await watch();
  setup.typeFile(engine.setup.invitation);
  await setup.read();
  setup.changeProxy({ username: 'alice', url: 'proxy:3128' });
  await setup.join();
  expect(setup.problem).toMatchObject({ field: 'proxy', fault: { code: 'usage.invalid' } });
  expect(setup.fault).toBeNull();
  setup.changeProxy({ url: ' https://proxy:3129 ', passwordFile: '~/p', except: 'a, .b.example,', allowHttp: true });
  expect(setup.problem).toBeNull();
  await setup.join();
  await settled();
  expect(setup.state?.stage).toBe('joining');
  expect(engine.setup.proxy).toEqual({
    url: 'https://proxy:3129',
    username: 'alice',
    passwordFile: '~/p',
    except: ['a', '.b.example'],
    allowHttp: false,
  });
  setup.dispose();
});

it('SetupWatch says in which field something is wrong, until that field is changed', async () => {
  const { setup, settled, onOpen } = await watch();
  setup.change({ urls: 'amqps://a:5671, amqps://b:5671', ca: '/wrong.pem', certificate: '/a.pem', key: '/a.key' });
  await setup.bring(false);
  expect(setup.problem).toMatchObject({ field: 'ca', fault: { code: 'config.unreadable' } });
  setup.change({ key: '/b.key' });
  expect(setup.problem).not.toBeNull();
  setup.change({ ca: '/ca.pem' });
  expect(setup.problem).toBeNull();
  await setup.bring(false);
  expect(setup.problem).toMatchObject({ field: 'urls', fault: { code: 'broker.unreachable' } });
  await setup.bring(true);
  await settled();
  expect(onOpen).toHaveBeenCalledOnce();
  setup.dispose();
});

it('FirstTry asks who is there as soon as the broker is, and pings them', async () => {
  const rig = createWindowRig(3);
  const trial = new FirstTry(rig.bridge);
  await rig.settled();
  rig.clock.move(10_000);
  await vi.waitFor(() => expect(trial.ping).not.toBeNull());
  expect(trial.found?.nodes).toBeGreaterThan(0);
  expect(trial.ping).toMatchObject({ agent: 'rpcutil', action: 'ping', expected: trial.found?.nodes });
  expect(trial.fault).toBeNull();
  trial.dispose();
});
