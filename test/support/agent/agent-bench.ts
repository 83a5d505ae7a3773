import { unwrap } from '@muster/protocol/errors';
import type { Signer } from '@muster/protocol/envelope';
import { startAgent, type AgentOptions, type RunningAgent } from '@muster/agent/service';
import { createMemoryBroker, type MemoryBroker } from '@muster/runtime/bus';
import { createVerifier } from '@muster/runtime/crypto';
import { createLogger, type Logger } from '@muster/runtime/logging';
import { createAsker, type Asker } from './asker.ts';
import { createTestHome, type NodeOptions, type TestHome } from './test-home.ts';

/** What a log line says, parsed. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Agents and a person on a broker in memory, with a clock that a test may move. */
export interface AgentBench {
  readonly home: TestHome;
  readonly broker: MemoryBroker;
  readonly asker: Asker;
  readonly log: readonly LogLine[];
  readonly logger: Logger;
  readonly clock: { shiftMs: number; readonly now: () => number };
  /** Another person, or somebody with another certificate. */
  askerAs(name: string, signer: Signer): Promise<Asker>;
  /** Starts an agent on files made for it, or on those of an earlier one, and waits until it has subscribed. */
  start(identity?: string, options?: NodeOptions & { readonly agent?: Partial<AgentOptions> }): Promise<RunningAgent>;
  startFrom(configFile: string, options?: Partial<AgentOptions>): Promise<RunningAgent>;
  close(): Promise<void>;
}

export async function createAgentBench(
  options: { readonly collectives?: readonly string[] } = {},
): Promise<AgentBench> {
  const { collectives = ['muster'] } = options;
  const clock = { shiftMs: 0, now: () => Date.now() + clock.shiftMs };
  const home = await createTestHome();
  const broker = createMemoryBroker({ collectives, clock: clock.now });
  const verifier = createVerifier({ caPem: home.authority.certificatePem });
  const log: LogLine[] = [];
  // Every line of the logger is a JSON object.
  const logger = createLogger({
    name: 'test',
    level: 'trace',
    destination: { write: (line) => log.push(JSON.parse(line) as LogLine) },
  });
  const agents = new Set<RunningAgent>();

  const askerAs = async (name: string, signer: Signer): Promise<Asker> => {
    const bus = broker.connect();
    await Promise.resolve();
    return createAsker({ name, bus, signer, verifier, clock: Date.now, collectives });
  };

  async function startFrom(configFile: string, more: Partial<AgentOptions> = {}): Promise<RunningAgent> {
    const agent = unwrap(await startAgent({ configFile, bus: broker.connect(), logger, clock: clock.now, ...more }));
    agents.add(agent);
    unwrap(await agent.ready);
    return agent;
  }

  return {
    home,
    broker,
    log,
    logger,
    clock,
    asker: await askerAs('alice', await home.signerOf('person', 'alice')),
    askerAs,
    startFrom,
    start: async (identity = 'web1.example.com', { agent, ...node } = {}) =>
      startFrom(await home.addNode(identity, node), agent),
    async close() {
      await Promise.all([...agents].map((agent) => agent.stop()));
      await home.remove();
    },
  };
}
