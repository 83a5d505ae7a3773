import { join } from 'node:path';
import type { FleetProcess } from './fleet-process.ts';
import type { GeneratedNode } from './generated-nodes.ts';
import { inParallel } from './in-parallel.ts';
import { repositoryRoot } from './repository.ts';

/** `processes`: each agent is its own process. `emulated`: many agents in few processes. */
export type FleetMode = 'processes' | 'emulated';

/** A node whose files are written. */
export interface ConfiguredNode {
  readonly node: GeneratedNode;
  readonly folder: string;
  readonly configFile: string;
}

export interface Launcher {
  /** Starts a program of ours with its output in a file. */
  start(args: readonly string[], logFile: string): Promise<FleetProcess>;
  /** Resolves when the node's agent takes requests; rejects when its process ends before. */
  ready(identity: string, host: FleetProcess): Promise<void>;
  /** Folder for what belongs to no single node. */
  readonly folder: string;
}

/** More agents that start at the same time only slow each other down. */
const startingAtOnce = 6;
const agentsPerWorker = 250;
const agentEntry = join(repositoryRoot, 'agent', 'bin', 'muster-agent.mjs');
const workerEntry = join(repositoryRoot, 'build', 'dist', 'emulation', 'main.js');

type Launched = readonly [identity: string, host: FleetProcess];

const launchProcesses = (nodes: readonly ConfiguredNode[], launcher: Launcher): Promise<Launched[]> =>
  inParallel(nodes, startingAtOnce, async ({ node, folder, configFile }): Promise<Launched> => {
    const agent = await launcher.start([agentEntry, '--config', configFile], join(folder, 'agent.log'));
    await launcher.ready(node.identity, agent);
    return [node.identity, agent];
  });

async function launchEmulated(nodes: readonly ConfiguredNode[], launcher: Launcher): Promise<Launched[]> {
  const workers = Math.ceil(nodes.length / agentsPerWorker);
  const shares = Array.from({ length: workers }, (_unused, worker) =>
    nodes.filter((_node, index) => index % workers === worker),
  );
  const launched = await inParallel(shares, workers, async (share, worker) => {
    const path = join(launcher.folder, `emulation-${worker}`);
    const host = await launcher.start([workerEntry, ...share.map(({ configFile }) => configFile)], `${path}.log`);
    await Promise.all(share.map(({ node }) => launcher.ready(node.identity, host)));
    return share.map(({ node }): Launched => [node.identity, host]);
  });
  return launched.flat();
}

/** Starts the agents of all nodes and waits until each takes requests; tells which process plays which node. */
export const launchAgents = (
  mode: FleetMode,
  nodes: readonly ConfiguredNode[],
  launcher: Launcher,
): Promise<readonly Launched[]> =>
  mode === 'processes' ? launchProcesses(nodes, launcher) : launchEmulated(nodes, launcher);
