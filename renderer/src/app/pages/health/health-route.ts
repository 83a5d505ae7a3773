import { healthAspects, type HealthAspect } from '@muster/protocol/bridge';
import { address, type RouteFormat } from '../route-format.ts';

/** `#/health?nodes=ASPECT&version=…`. */
export interface HealthRoute {
  readonly view: 'health';
  /** Whose nodes are listed; `missing`: those that groups name and nobody has heard of. Null for none. */
  readonly aspect: HealthAspect | 'missing' | null;
  /** For the aspect `version` alone. */
  readonly version: string | null;
}

const aspects: readonly (HealthAspect | 'missing')[] = [...healthAspects, 'missing'];

export const healthRoute: RouteFormat<HealthRoute> = {
  parse(path, params) {
    if (path !== '/health') return null;
    const aspect = aspects.find((one) => one === params.get('nodes')) ?? null;
    return { view: 'health', aspect, version: aspect === 'version' ? (params.get('version') ?? '') : null };
  },
  print: ({ aspect, version }) => address('/health', { nodes: aspect, version }),
};
