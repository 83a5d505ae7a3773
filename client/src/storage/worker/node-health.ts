import type { Database } from 'better-sqlite3';
import {
  skewedFromMs,
  type EndpointParams,
  type EndpointResult,
  type FleetHealth,
  type HealthChoice,
  type NodeHealth,
  type RefusedRun,
} from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { NodeLine, NodeTable } from './node-table.ts';

/** How long a sign of life holds of a node that has not said so itself: twice the interval at which agents register by default, in milliseconds. */
const usuallyHeardWithinMs = 600_000;

/** A certificate that ends within this time is looked at, in milliseconds. */
const expiresSoonMs = 30 * 86_400_000;

/** How many versions are told apart. */
const mostVersions = 20;

/** How many runs with refusals are listed. */
const mostRuns = 20;

type Aspect = Exclude<HealthChoice['aspect'], 'version'>;

const heardWithin = ({ heardWithinMs }: NodeLine): number => heardWithinMs ?? usuallyHeardWithinMs;

/** Each node is one of the first three, and any of the others. */
const tests: Readonly<Record<Aspect, (line: NodeLine, asOfMs: number) => boolean>> = {
  heard: (line, asOfMs) => line.stoppedAtMs === null && asOfMs - line.lastSeenMs <= heardWithin(line),
  silent: (line, asOfMs) => line.stoppedAtMs === null && asOfMs - line.lastSeenMs > heardWithin(line),
  stopped: ({ stoppedAtMs }) => stoppedAtMs !== null,
  skewed: ({ clockSkewMs }) => clockSkewMs !== null && Math.abs(clockSkewMs) > skewedFromMs,
  unmeasured: ({ clockSkewMs }) => clockSkewMs === null,
  expiring: ({ certificateUntilMs: until }, asOfMs) =>
    until !== null && until >= asOfMs && until - asOfMs < expiresSoonMs,
  expired: ({ certificateUntilMs: until }, asOfMs) => until !== null && until < asOfMs,
  uncertified: ({ certificateUntilMs }) => certificateUntilMs === null,
};

/** By what the worst of an aspect come first: the larger, the worse. */
const badness: Partial<Record<HealthChoice['aspect'], (line: NodeLine) => number>> = {
  silent: ({ lastSeenMs }) => -lastSeenMs,
  stopped: ({ stoppedAtMs }) => -(stoppedAtMs ?? 0),
  skewed: ({ clockSkewMs }) => Math.abs(clockSkewMs ?? 0),
  expiring: ({ certificateUntilMs }) => -(certificateUntilMs ?? 0),
  expired: ({ certificateUntilMs }) => -(certificateUntilMs ?? 0),
};

const healthOf = (line: NodeLine): NodeHealth => {
  const { identity, lastSeenMs, stoppedAtMs, clockSkewMs, agentVersion, certificateUntilMs } = line;
  return {
    ...{ identity, lastSeenMs, heardWithinMs: heardWithin(line), stoppedAtMs },
    ...{ clockSkewMs, agentVersion, certificateUntilMs },
  };
};

function countVersions(lines: readonly NodeLine[]): Pick<FleetHealth, 'versions' | 'versionCount'> {
  const counts = new Map<string, number>();
  for (const { agentVersion } of lines) counts.set(agentVersion, (counts.get(agentVersion) ?? 0) + 1);
  const versions = [...counts]
    .map(([version, nodes]) => ({ version, nodes }))
    .sort((a, b) => b.nodes - a.nodes || (a.version < b.version ? -1 : 1));
  return { versions: versions.slice(0, mostVersions), versionCount: versions.length };
}

/** How the fleet does, from the lines of all nodes in memory: one look at each. */
export function createNodeHealth(db: Database, nodes: NodeTable) {
  const refusedRuns = db.prepare<[number], RefusedRun>(`
    SELECT run_id AS runId, agent, action, person, started_at_ms AS startedAtMs, json_extract(states, '$.refused') AS nodes
    FROM runs WHERE started_at_ms >= ? AND json_extract(states, '$.refused') > 0 ORDER BY started_at_ms DESC`);

  /** Slots of the nodes that a figure counts, by identity. */
  function chosen({ aspect, version, asOfMs }: HealthChoice & { readonly asOfMs: number }): readonly NodeLine[] {
    nodes.refresh();
    const fits =
      aspect === 'version'
        ? (line: NodeLine) => line.agentVersion === version
        : (line: NodeLine) => tests[aspect](line, asOfMs);
    return [...nodes.order].flatMap((slot) => {
      const line = nodes.lines[slot];
      return line !== undefined && fits(line) ? [line] : [];
    });
  }

  return {
    fleetHealth(asOfMs: number): Result<FleetHealth> {
      nodes.refresh();
      const { lines } = nodes;
      const counts: Record<Aspect, number> = {
        ...{ heard: 0, silent: 0, stopped: 0, skewed: 0, unmeasured: 0, expiring: 0, expired: 0, uncertified: 0 },
      };
      // Keys of the table above.
      const aspects = Object.entries(tests) as [Aspect, (typeof tests)[Aspect]][];
      let worstSkewMs: number | null = null;
      let nextExpiryMs: number | null = null;
      for (const line of lines) {
        for (const [aspect, fits] of aspects) if (fits(line, asOfMs)) counts[aspect]++;
        const { clockSkewMs: skew, certificateUntilMs: until } = line;
        if (skew !== null && Math.abs(skew) >= Math.abs(worstSkewMs ?? 0)) worstSkewMs = skew;
        if (until !== null && until >= asOfMs && until < (nextExpiryMs ?? Infinity)) nextExpiryMs = until;
      }
      return ok({ total: lines.length, counts, worstSkewMs, nextExpiryMs, ...countVersions(lines) });
    },
    healthNodes(params: EndpointParams<'health.nodes'>): Result<EndpointResult<'health.nodes'>> {
      const { offset, limit } = params;
      const found = chosen(params);
      const worst = badness[params.aspect];
      const ordered = worst === undefined ? found : found.toSorted((a, b) => worst(b) - worst(a));
      return ok({ total: found.length, rows: ordered.slice(offset, offset + limit).map(healthOf) });
    },
    healthIdentities: (params: EndpointParams<'health.identities'>): Result<string[]> =>
      ok(chosen(params).map(({ identity }) => identity)),
    refusedRuns(sinceMs: number): Result<{ nodes: number; runs: RefusedRun[] }> {
      const runs = refusedRuns.all(sinceMs);
      return ok({ nodes: runs.reduce((sum, run) => sum + run.nodes, 0), runs: runs.slice(0, mostRuns) });
    },
  };
}
