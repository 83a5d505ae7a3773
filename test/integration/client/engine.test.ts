import type { Target } from '@muster/protocol/bridge';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fleet } from '@muster/build/fleet';
import { openEngine, type Engine } from '@muster/client/engine';
import { unwrap } from '@muster/protocol/errors';
import { allNodes, parseFilter } from '@muster/protocol/filter';
import { startTestFleet } from '../../support/test-fleet.ts';
import { eventually } from '../../support/eventually.ts';

const nodes = 15;
const everybody = { kind: 'filter', filter: '' } as const;
let fleet: Fleet;
const engines: Engine[] = [];

beforeAll(async () => {
  fleet = await startTestFleet({ nodes, mode: 'emulated' });
});
afterAll(() => fleet.stop());
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

async function open(followFleet = false): Promise<Engine> {
  const engine = unwrap(await openEngine({ home: fleet.ready.home, followFleet }));
  engines.push(engine);
  unwrap(await engine.connection.waitUntilUp(20_000));
  return engine;
}

const identities = () => fleet.nodes.map(({ identity }) => identity).sort();

describe('an engine on a real broker with real agents', () => {
  it('in a home without a database finds all and has an action run everywhere', async () => {
    const engine = await open();
    const found = unwrap(await engine.discovery.discover({ filter: allNodes }));
    expect([...found.identities].sort()).toEqual(identities());
    const started = unwrap(
      await engine.runs.start({ agent: 'rpcutil', action: 'get_fact', inputs: { fact: 'os' }, target: everybody }),
    );
    expect(await started.finished).toMatchObject({
      state: 'finished',
      expected: nodes,
      responses: nodes,
      unexpected: 0,
      states: { ok: nodes },
    });
    const sort = { by: '@identity', descending: false };
    const page = { states: [], search: '', sort, offset: 0, limit: 500 };
    const { rows } = unwrap(await engine.runs.results({ runId: started.runId, ...page }));
    expect(rows.map(({ identity }) => identity)).toEqual(identities());
    expect(rows[0]?.data).toMatchObject({ fact: 'os', value: { family: expect.any(String) as string } });
  });

  it('keeps the inventory of the fleet, whose counts are those of the fleet', async () => {
    const engine = await open(true);
    await eventually(async () => {
      expect(unwrap(await engine.inventory.count('os.family=~/./')).matching).toBe(nodes);
      const agents = unwrap(await engine.inventory.agents());
      expect(agents.map(({ ddl, nodes: having }) => `${ddl.name} ${having}`)).toEqual(
        expect.arrayContaining([`discovery ${nodes}`, `rpcutil ${nodes}`]),
      );
    }, 20_000);
    const [{ value: family } = { value: '' }] = unwrap(await engine.inventory.factValues('os.family', 1)).values;
    const text = `os.family=${family}`;
    const { matching, total } = unwrap(await engine.inventory.count(text));
    expect(total).toBe(nodes);
    expect(matching).toBeGreaterThan(0);
    const asked = unwrap(await engine.discovery.discover({ filter: unwrap(parseFilter(text)) }));
    expect([...asked.identities].sort()).toEqual(unwrap(await engine.inventory.identities(text)));
    expect(unwrap(await engine.inventory.refresh())).toEqual({ nodes, updated: 0 });
  });

  it('tells at once which of the named nodes the broker does not know; the run is there at the next start', async () => {
    const engine = await open();
    const [first = ''] = identities();
    const target: Target = { kind: 'nodes', identities: [first, 'nosuch.example.com'] };
    const { runId, finished } = unwrap(
      await engine.runs.start({ agent: 'rpcutil', action: 'ping', inputs: {}, target }),
    );
    expect((await finished).states).toEqual({ ok: 1, unknown_node: 1 });
    await engine.close();
    expect(unwrap(await (await open()).runs.get(runId)).state).toBe('finished');
  });

  it('says that the broker is away, and goes on when it is back', async () => {
    const engine = await open();
    await fleet.stopBroker();
    await eventually(() => expect(engine.connection.state.status).toBe('down'), 5000);
    unwrap(await fleet.startBroker());
    unwrap(await engine.connection.waitUntilUp(60_000));
    await eventually(async () => {
      const found = unwrap(await engine.discovery.discover({ filter: allNodes }));
      expect([...found.identities].sort()).toEqual(identities());
    }, 60_000);
  });
});
