import type { ShippedAgent } from '../catalogue/index.ts';
import type { AgentPlugin } from '../plugins/index.ts';
import { discovery } from './discovery/agent.ts';
import { filemgr } from './filemgr/index.ts';
import { nettest } from './nettest/index.ts';
import { packageAgent } from './package/index.ts';
import { nrpe } from './nrpe/index.ts';
import { processAgent } from './process/index.ts';
import { puppet } from './puppet/index.ts';
import { puppetca } from './puppetca/index.ts';
import { puppetral } from './puppetral/index.ts';
import { requests } from './requests/agent.ts';
import { rpcutil } from './rpcutil/agent.ts';
import { serviceAgent } from './service/index.ts';
import { shell } from './shell/index.ts';
import { tasks } from './tasks/index.ts';

/** The agents that are part of the node itself. They run in its own process. */
export const coreAgents: readonly AgentPlugin[] = [discovery, requests, rpcutil];

/** The agents that come with Muster beside them, each action in a process of its own. */
export const shippedAgents: readonly ShippedAgent[] = [
  filemgr,
  nettest,
  nrpe,
  packageAgent,
  processAgent,
  puppet,
  puppetca,
  puppetral,
  serviceAgent,
  shell,
  tasks,
];
