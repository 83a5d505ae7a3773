import type { DataPlugin } from '../plugins/index.ts';
import { agentData } from './agent.ts';
import { collectiveData } from './collective.ts';
import { configItemData } from './config-item.ts';
import { factData } from './fact.ts';
import { fstatData } from './fstat.ts';

/** The data plugins that every node has. */
export const shippedData: readonly DataPlugin[] = [agentData, collectiveData, configItemData, factData, fstatData];
