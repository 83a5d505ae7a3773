import type { AgentPlugin } from '../plugins/index.ts';
import { discovery } from './discovery/agent.ts';
import { rpcutil } from './rpcutil/agent.ts';

/** The agents that every node has. */
export const shippedAgents: readonly AgentPlugin[] = [discovery, rpcutil];
