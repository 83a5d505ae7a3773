import type { Clock } from '@muster/runtime/effects';
import { mergeFacts, type Facts } from '../value.ts';
import { dmiFacts, memoryFacts, processorFacts } from './hardware.ts';
import { networkingFacts } from './networking.ts';
import { kernelFacts, osFacts } from './operating-system.ts';
import { diskFacts, mountpointFacts } from './storage.ts';
import type { System } from './system.ts';
import { timezoneFacts, uptimeFacts } from './time.ts';
import { userFacts } from './user.ts';
import { virtualFacts } from './virtualization.ts';

export { thisSystem, type System } from './system.ts';

/** Everything that Muster finds out by itself, named and shaped as Facter's structured facts. Runs no commands. */
export const builtinFacts = async (system: System, clock: Clock): Promise<Facts> =>
  mergeFacts(
    await Promise.all([
      osFacts(system),
      kernelFacts(system),
      networkingFacts(system),
      memoryFacts(system),
      processorFacts(system),
      diskFacts(system),
      mountpointFacts(system),
      uptimeFacts(system),
      virtualFacts(system),
      timezoneFacts(system, clock),
      dmiFacts(system),
      userFacts(system),
    ]),
  );
