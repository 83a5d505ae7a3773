import type { Engine } from '@muster/client/engine';
import type { NodeRow, ResultDetail } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { checkIdentity } from '@muster/protocol/identity';
import { allNodes, printFilter } from '@muster/protocol/filter';
import type { FleetFlags, SelectionFlags } from '../options/flags.ts';
import type { ReportFlags } from '../options/report-flags.ts';
import { readFilter } from '../options/selection.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { collectiveGraph, type GraphForm } from '../output/collective-graph.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import { nodeJson, nodeText } from '../output/node-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { executeRun } from './execute-run.ts';
import { findTargets, type Targets } from './find-targets.ts';
import { compareNodes } from './compare-nodes.ts';
import { factChanges } from './fact-changes.ts';
import { report } from './inventory-report.ts';
import { listNodes } from './list-nodes.ts';
import { checkCollective, unlessInterrupted, withEngine } from './with-engine.ts';

export interface InventoryFlags extends SelectionFlags, FleetFlags, ReportFlags {
  readonly listCollectives?: true;
  readonly refresh?: true;
  readonly report?: true;
  readonly csv?: true;
  readonly collectiveGraph?: GraphForm;
  readonly compare?: string;
  readonly changes?: true;
  /** Milliseconds since the epoch. */
  readonly since?: number;
}

async function askRpcutil(
  engine: Engine,
  action: string,
  targets: Targets,
  flags: InventoryFlags,
  surroundings: Surroundings,
): Promise<Result<readonly ResultDetail[]>> {
  const collective = checkCollective(engine, flags.target);
  if (!collective.ok) return collective;
  const answers: ResultDetail[] = [];
  const timeout = flags.timeout === undefined ? {} : { timeoutMs: flags.timeout };
  const order = { agent: 'rpcutil', action, inputs: {}, collective: collective.value, ...timeout };
  const { interrupted, now } = surroundings;
  const executed = await executeRun(
    engine,
    { order, targets, interrupted, onAnswer: (answer) => answers.push(answer) },
    now,
  );
  if (!executed.ok) return executed;
  const { fault } = executed.value;
  return fault === null || answers.length > 0 ? ok(answers) : fail(fault.code, fault.message);
}

/** `muster inventory NODE`: asks one node for all that it says of itself. Exit code 1 when it is silent. */
async function oneNode(identity: string, flags: InventoryFlags, surroundings: Surroundings): Promise<Result<number>> {
  const checked = checkIdentity(identity);
  if (!checked.ok) return checked;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const targets: Targets = {
      identities: [identity],
      durationMs: 0,
      target: { kind: 'nodes', identities: [identity] },
      method: 'list',
    };
    const asked = await Promise.all(
      ['daemon_stats', 'inventory'].map((action) => askRpcutil(engine, action, targets, flags, surroundings)),
    );
    const found: Record<string, unknown>[] = [];
    for (const result of asked) {
      if (!result.ok) return result;
      const answer = result.value.find((candidate) => candidate.identity === identity);
      if (answer === undefined) return fail('node.unknown', `Did not receive any results from node ${identity}`);
      if (answer.statusCode !== 0) return fail('request.denied', `${identity} refused: ${answer.statusMessage}`);
      found.push(answer.data);
    }
    const [stats = {}, inventory = {}] = found;
    const { stdout } = surroundings;
    stdout.write(
      flags.json === true ? nodeJson(identity, stats, inventory) : nodeText(identity, stats, inventory, stdout.columns),
    );
    return ok(exitCodes.ok);
  });
}

const collectivesOf = ({ data }: ResultDetail): readonly string[] =>
  Array.isArray(data['collectives']) ? data['collectives'].filter((name) => typeof name === 'string') : [];

/** `muster inventory --list-collectives` and `--collective-graph`: asks every node for its collectives, counts or draws them. */
async function collectives(flags: InventoryFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const collective = checkCollective(engine, flags.target);
    if (!collective.ok) return collective;
    const choice = { kind: 'filter', filter: allNodes, everything: true } as const;
    const targets = await findTargets(engine, choice, {
      collective: collective.value,
      flags,
      surroundings,
      agent: 'rpcutil',
    });
    if (!targets.ok) return targets;
    const answers = await askRpcutil(engine, 'collective_info', targets.value, flags, surroundings);
    if (!answers.ok) return answers;
    const memberships = new Map(answers.value.map((answer) => [answer.identity, collectivesOf(answer)]));
    const { stdout } = surroundings;
    if (flags.collectiveGraph !== undefined) {
      stdout.write(collectiveGraph(memberships, flags.collectiveGraph));
      return ok(memberships.size > 0 ? exitCodes.ok : exitCodes.noMatch);
    }
    const counts = new Map<string, number>();
    for (const names of memberships.values()) for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    if (flags.json === true) {
      const listed = rows.map(([name, nodes]) => ({ collective: name, nodes }));
      stdout.write(`${cleanJson({ collectives: listed, nodes: answers.value.length })}\n`);
    } else {
      const lines = table(
        ['Collective', 'Nodes'],
        rows.map(([name, nodes]) => [cleanLine(name), String(nodes)]),
        ['Nodes'],
      );
      stdout.write(`${lines.join('\n')}\n\nTotal nodes: ${answers.value.length}\n`);
    }
    return ok(answers.value.length > 0 ? exitCodes.ok : exitCodes.noMatch);
  });
}

/** `muster inventory`: the nodes that the console's own cache knows. Exit code 0 when there is one, else 1. */
async function cache(flags: InventoryFlags, surroundings: Surroundings): Promise<Result<number>> {
  const expression = readFilter(flags);
  if (!expression.ok) return expression;
  const filter = printFilter(expression.value);
  return withEngine(surroundings, flags, flags.refresh === true ? 'online' : 'offline', async (engine) => {
    const { stdout, stderr, interrupted } = surroundings;
    if (flags.refresh === true) {
      const refreshed = await unlessInterrupted(
        engine.inventory.refresh(),
        interrupted,
        'reading the inventory of the fleet',
      );
      if (!refreshed.ok) return refreshed;
      if (flags.verbose === true)
        stderr.write(`${refreshed.value.nodes} nodes, ${refreshed.value.updated} read anew\n`);
    }
    const nodes: NodeRow[] = [];
    const listed = await listNodes(engine, { filter, columns: [] }, (rows) => nodes.push(...rows));
    if (!listed.ok) return listed;
    const rows = nodes.map(({ identity, agentVersion, lastSeenMs }) => ({
      identity,
      agent_version: agentVersion,
      last_seen: new Date(lastSeenMs).toISOString(),
    }));
    if (flags.json === true) stdout.write(`${cleanJson(rows, 1)}\n`);
    else if (rows.length === 0)
      stdout.write('The inventory has no such nodes. `muster inventory --refresh` reads it from the fleet.\n');
    else {
      const lines = table(
        ['Node', 'Version', 'Last seen'],
        rows.map((row) => [row.identity, cleanLine(row.agent_version), row.last_seen]),
      );
      stdout.write(`${lines.join('\n')}\n`);
    }
    return ok(rows.length > 0 ? exitCodes.ok : exitCodes.noMatch);
  });
}

const asksCollectives = (flags: InventoryFlags): boolean =>
  flags.listCollectives === true || flags.collectiveGraph !== undefined;

/** Why the flags do not go together, if they do not. */
function misuse(node: string | undefined, flags: InventoryFlags): Result<void> {
  const isAboutOne = flags.compare !== undefined || flags.changes === true;
  const reportFlags = [flags.columns, flags.csv, flags.format, flags.output, flags.replace];
  if (flags.report !== true && reportFlags.some((flag) => flag !== undefined))
    return fail('usage.invalid', '--columns and --csv go with --report, and so do --format, --output and --replace');
  if (flags.changes !== true && flags.since !== undefined) return fail('usage.invalid', '--since goes with --changes');
  if (node === undefined && isAboutOne)
    return fail('usage.invalid', '--compare and --changes are about one node', {
      mend: 'Name it: muster inventory NODE …',
    });
  if (node !== undefined && (asksCollectives(flags) || flags.report === true))
    return fail(
      'usage.invalid',
      'What is about every node takes no name of one: a report, the collectives, their graph',
    );
  return ok(undefined);
}

export async function inventory(
  node: string | undefined,
  flags: InventoryFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const used = misuse(node, flags);
  if (!used.ok) return used;
  if (node !== undefined) {
    if (flags.compare !== undefined) return compareNodes(node, flags.compare, flags, surroundings);
    return flags.changes === true ? factChanges(node, flags, surroundings) : oneNode(node, flags, surroundings);
  }
  if (asksCollectives(flags)) return collectives(flags, surroundings);
  return flags.report === true ? report(flags, surroundings) : cache(flags, surroundings);
}
