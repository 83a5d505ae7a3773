import type { DataPlugin } from '../plugins/index.ts';
import { agentData } from './agent.ts';
import { collectiveData } from './collective.ts';
import { configItemData } from './config-item.ts';
import { factData } from './fact.ts';
import { fstatData } from './fstat.ts';
import { nettestData } from './nettest.ts';
import { packageData } from './package.ts';
import { nrpeData } from './nrpe.ts';
import { processData } from './process.ts';
import { puppetData } from './puppet.ts';
import { puppetcaData } from './puppetca.ts';
import { resourceData } from './resource.ts';
import { serviceData } from './service.ts';
import { sysctlData } from './sysctl.ts';

/** The data plugins that come with Muster. */
export const shippedData: readonly DataPlugin[] = [
  agentData,
  collectiveData,
  configItemData,
  factData,
  fstatData,
  nettestData,
  packageData,
  nrpeData,
  processData,
  puppetData,
  puppetcaData,
  resourceData,
  serviceData,
  sysctlData,
];
