import { loadConfiguration } from '@muster/agent/configuration';
import { createHostPool } from '@muster/agent/isolation';
import { startAgent, type RunningAgent } from '@muster/agent/service';
import { unwrap } from '@muster/protocol/errors';
import { connectBus, type Bus } from '@muster/runtime/bus';
import { randomBytes } from '@muster/runtime/crypto';
import { createLogger } from '@muster/runtime/logging';
import { stopRequested } from '../command/index.ts';
import { inParallel } from '../fleet/index.ts';
import { partOfBus } from './shared-bus.ts';

// Hosts many agents in this one process: `main.js AGENT.YAML…`. Each has its own identity, keys, queue, facts and
// journal and runs the real agent's code; only the connections to the broker are shared.

const agentsPerConnection = 100;
const startingAtOnce = 10;
const clock = () => Date.now();
const logger = createLogger({ name: 'muster-emulation', level: 'warn', destination: process.stdout });
/** All agents here share a few processes for actions: the machine is one. */
const hosts = createHostPool({ logger, width: 4 });

/** One connection and the agents on it. It is made with the credentials of the first. */
async function startGroup(configFiles: readonly string[]): Promise<{ bus: Bus; agents: RunningAgent[] }> {
  const [first = ''] = configFiles;
  const { credentials } = unwrap(await loadConfiguration(first, clock));
  const bus = connectBus(credentials.broker, { clock, randomBytes });
  const agents = await inParallel(configFiles, startingAtOnce, async (configFile) => {
    const agent = unwrap(await startAgent({ configFile, bus: partOfBus(bus), logger, hosts }));
    unwrap(await agent.ready);
    return agent;
  });
  return { bus, agents };
}

const stop = stopRequested();
const files = process.argv.slice(2);
const groups: { bus: Bus; agents: RunningAgent[] }[] = [];
for (let start = 0; start < files.length && !stop.signal.aborted; start += agentsPerConnection) {
  groups.push(await startGroup(files.slice(start, start + agentsPerConnection)));
}
await stop.requested;
await Promise.all(groups.flatMap(({ agents }) => agents.map((agent) => agent.stop())));
await hosts.close();
await Promise.all(groups.map(({ bus }) => bus.close()));
