import type { Engine } from '@muster/client/engine';
import { healthAspects, type Health, type HealthAspect, type NodeHealth } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { EngineFlags } from '../options/flags.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import { expiryText } from '../output/expiry.ts';
import type { Surroundings } from '../surroundings.ts';
import { unlessInterrupted, withEngine } from './with-engine.ts';

export interface HealthFlags extends EngineFlags {
  readonly refresh?: true;
  readonly nodes?: string;
  readonly json?: true;
}

/** What nodes can be listed for; `version=V` besides. */
export const listedAspects = healthAspects.filter((aspect) => aspect !== 'version');

/** The most that one call may ask for. */
const sliceLimit = 500;

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
const isoOrNull = (timeMs: number | null): string | null => (timeMs === null ? null : iso(timeMs));

/** Whether a person should look at something. */
const needsLook = ({ fleet, missing, console }: Health): boolean =>
  fleet.counts.silent + fleet.counts.skewed + fleet.counts.expired + fleet.counts.expiring + missing.total > 0 ||
  console.storage !== null;

const healthJson = ({ asOfMs, isCurrent, fleet, missing, refused, console }: Health) => ({
  as_of: iso(asOfMs),
  current: isCurrent,
  nodes: { total: fleet.total, ...fleet.counts, never_heard: missing.total },
  never_heard: missing.identities,
  worst_skew_ms: fleet.worstSkewMs,
  next_expiry: isoOrNull(fleet.nextExpiryMs),
  versions: fleet.versions,
  refused: {
    since: iso(refused.sinceMs),
    messages: refused.messages,
    nodes: refused.nodes,
    runs: refused.runs.map(({ runId, agent, action, person, startedAtMs, nodes }) => ({
      ...{ run: runId, agent, action, person, started: iso(startedAtMs), nodes },
    })),
  },
  certificates: console.certificates.map(({ use, role, name, notAfterMs }) => ({
    ...{ use, role, name, until: iso(notAfterMs) },
  })),
  storage: console.storage,
});

function healthText({ asOfMs, isCurrent, fleet, missing, refused, console }: Health, nowMs: number): string {
  const { counts } = fleet;
  const versions = fleet.versions.map(({ version, nodes }) => `${cleanLine(version) || 'unknown'} (${nodes})`);
  const messages = refused.messages.map(({ code, count }) => `${cleanLine(code)} (${count})`);
  const lines: (readonly [string, string])[] = [
    ['As of', isCurrent ? 'now' : `${iso(asOfMs)}, when the fleet was heard last: --refresh asks it`],
    ['Nodes', `${fleet.total}: ${counts.heard} heard, ${counts.silent} silent, ${counts.stopped} stopped`],
    ['Never heard', `${missing.total} that groups name`],
    ['Clocks', `${counts.skewed} off by more than 5 s, ${counts.unmeasured} not measured`],
    ['Versions', versions.join(', ')],
    [
      'Certificates',
      `${counts.expired} have ended, ${counts.expiring} end within 30 days, ${counts.uncertified} not seen yet`,
    ],
    ['Refused', `${messages.join(', ') || 'no messages'}; ${refused.nodes} nodes refused, in the last 24 hours`],
    ...console.certificates.map(({ use, name, notAfterMs }) => {
      const label = use === 'own' ? 'Certificate' : 'Authority';
      return [label, `${cleanLine(name)}, until ${expiryText(iso(notAfterMs), nowMs)}`] as const;
    }),
    ['Database', console.storage === null ? 'works' : cleanLine(console.storage.message)],
  ];
  return `${lines.map(([label, text]) => `${label.padEnd(14)}${text}`).join('\n')}\n`;
}

const nodeJson = (node: NodeHealth) => ({
  identity: node.identity,
  last_heard: iso(node.lastSeenMs),
  holds_ms: node.heardWithinMs,
  stopped: isoOrNull(node.stoppedAtMs),
  clock_skew_ms: node.clockSkewMs,
  agent_version: node.agentVersion,
  certificate_until: isoOrNull(node.certificateUntilMs),
});

/** Reads an aspect, or `version=V`. */
function readChoice(text: string): Result<{ aspect: HealthAspect; version?: string }> {
  if (text.startsWith('version=')) return ok({ aspect: 'version', version: text.slice('version='.length) });
  const aspect = listedAspects.find((one) => one === text);
  if (aspect !== undefined) return ok({ aspect });
  return fail('usage.invalid', `Nodes cannot be listed for "${text}"`, {
    mend: `There are: ${listedAspects.join(', ')}, version=V.`,
  });
}

async function listNodes(
  engine: Engine,
  text: string,
  flags: HealthFlags,
  { stdout }: Surroundings,
): Promise<Result<number>> {
  const choice = readChoice(text);
  if (!choice.ok) return choice;
  const health = await engine.health.get();
  if (!health.ok) return health;
  const nodes: NodeHealth[] = [];
  for (;;) {
    const question = { ...choice.value, asOfMs: health.value.asOfMs, offset: nodes.length, limit: sliceLimit };
    const slice = await engine.health.nodes(question);
    if (!slice.ok) return slice;
    nodes.push(...slice.value.rows);
    if (slice.value.rows.length < sliceLimit) break;
  }
  const rows = nodes.map(nodeJson);
  if (flags.json === true) stdout.write(`${cleanJson(rows, 1)}\n`);
  else {
    const cells = rows.map((row) => [
      ...[row.identity, row.last_heard, row.clock_skew_ms === null ? '' : String(Math.round(row.clock_skew_ms))],
      ...[cleanLine(row.agent_version), row.certificate_until ?? ''],
    ]);
    const headings = ['Node', 'Last heard', 'Clock, ms', 'Version', 'Certificate until'];
    stdout.write(`${table(headings, cells, ['Clock, ms']).join('\n')}\n`);
  }
  return ok(rows.length > 0 ? exitCodes.ok : exitCodes.noMatch);
}

/**
 * `muster health`: how fleet and console do. Exit code 1 when something needs a look; with `--nodes` when there is no such node.
 */
export async function health(flags: HealthFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout, interrupted, now } = surroundings;
  return withEngine(surroundings, flags, flags.refresh === true ? 'online' : 'offline', async (engine) => {
    if (flags.refresh === true) {
      const asked = await unlessInterrupted(engine.inventory.refresh(), interrupted, 'looking for the fleet');
      if (!asked.ok) return asked;
    }
    if (flags.nodes !== undefined) return listNodes(engine, flags.nodes, flags, surroundings);
    const found = await engine.health.get();
    if (!found.ok) return found;
    stdout.write(flags.json === true ? `${cleanJson(healthJson(found.value), 1)}\n` : healthText(found.value, now()));
    return ok(needsLook(found.value) ? exitCodes.needsLook : exitCodes.ok);
  });
}
