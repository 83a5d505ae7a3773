import type { EndpointParams, Health, HealthAspect, NodeDetail, NodeHealth } from '@muster/protocol/bridge';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How the generated nodes do: the engine's own figures, reckoned anew. */
export class FakeHealth {
  /** What the fleet knows beside its facts; tests change it. */
  readonly nodes: NodeHealth[];
  missing: string[] = [];
  isCurrent = true;
  readonly #nowMs: () => number;

  constructor(nodes: readonly NodeDetail[], nowMs: () => number) {
    this.#nowMs = nowMs;
    this.nodes = nodes.map(({ identity, agentVersion, clockSkewMs, lastSeenMs }, index) => ({
      ...{ identity, agentVersion, clockSkewMs, lastSeenMs, heardWithinMs: 10 * minuteMs, stoppedAtMs: null },
      certificateUntilMs: nowMs() + (20 + (index % 70)) * dayMs,
    }));
  }

  of({ aspect, version, asOfMs }: EndpointParams<'health.identities'>): NodeHealth[] {
    return this.nodes.filter((node) =>
      aspect === 'version' ? node.agentVersion === version : this.#has(node, aspect, asOfMs),
    );
  }

  get(): Health {
    const nowMs = this.#nowMs();
    const count = (aspect: HealthAspect) => this.of({ aspect, asOfMs: nowMs }).length;
    const versions = Map.groupBy(this.nodes, ({ agentVersion }) => agentVersion);
    return {
      asOfMs: nowMs,
      isCurrent: this.isCurrent,
      fleet: {
        total: this.nodes.length,
        counts: {
          ...{ heard: count('heard'), silent: count('silent'), stopped: count('stopped') },
          ...{ skewed: count('skewed'), unmeasured: count('unmeasured') },
          ...{ expiring: count('expiring'), expired: count('expired'), uncertified: count('uncertified') },
        },
        worstSkewMs: 30,
        nextExpiryMs: nowMs + 20 * dayMs,
        versions: [...versions].map(([version, { length: nodes }]) => ({ version, nodes })),
        versionCount: versions.size,
      },
      missing: { total: this.missing.length, identities: this.missing },
      refused: { sinceMs: nowMs - dayMs, messages: [], nodes: 0, runs: [] },
      console: { certificates: [], storage: null, audit: null },
    };
  }

  #has(node: NodeHealth, aspect: Exclude<HealthAspect, 'version'>, asOfMs: number): boolean {
    const { lastSeenMs, heardWithinMs, stoppedAtMs, clockSkewMs, certificateUntilMs: until } = node;
    const isHeard = asOfMs - lastSeenMs <= heardWithinMs;
    return {
      heard: stoppedAtMs === null && isHeard,
      silent: stoppedAtMs === null && !isHeard,
      stopped: stoppedAtMs !== null,
      skewed: Math.abs(clockSkewMs ?? 0) > 5000,
      unmeasured: clockSkewMs === null,
      expiring: until !== null && until >= asOfMs && until - asOfMs < 30 * dayMs,
      expired: until !== null && until < asOfMs,
      uncertified: until === null,
    }[aspect];
  }
}
