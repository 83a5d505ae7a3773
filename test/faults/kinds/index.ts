import { agentKills } from './agent-kills.ts';
import { brokerOutages } from './broker-outages.ts';
import { clockSteps } from './clocks.ts';
import { consoleKills } from './console-kills.ts';
import { oddDeliveries } from './deliveries.ts';
import { fullDisks } from './disks.ts';
import type { FaultKind } from './fault-kind.ts';
import { networkFaults } from './network.ts';
import { queueDeletions } from './queues.ts';
import { truncations } from './truncations.ts';

export type { FaultKind, Scene } from './fault-kind.ts';
export { createClaims } from './claims.ts';

/** Everything that the suite can break. */
export const faultKinds: readonly FaultKind[] = [
  ...agentKills,
  ...consoleKills,
  ...brokerOutages,
  ...networkFaults,
  ...queueDeletions,
  ...fullDisks,
  ...clockSteps,
  ...oddDeliveries,
  ...truncations,
];
