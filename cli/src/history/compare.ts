import type { Engine } from '@muster/client/engine';
import {
  comparisonKinds,
  type ComparedNode,
  type ComparedSide,
  type Comparison,
  type ComparisonKind,
  type RunSummary,
} from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { InvalidArgumentError } from 'commander';
import { findRun } from '../commands/find-run.ts';
import { withEngine } from '../commands/with-engine.ts';
import { writeReport } from '../commands/write-report.ts';
import type { ReportFlags } from '../options/report-flags.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings, TextSink } from '../surroundings.ts';

export interface CompareFlags extends ReportFlags {
  readonly home?: string;
  readonly json?: true;
  readonly ignore?: readonly string[];
  readonly kind?: readonly ComparisonKind[];
}

/** Reads one kind of difference off the command line. */
export function comparisonKind(text: string, previous: readonly ComparisonKind[] | undefined): ComparisonKind[] {
  const kind = comparisonKinds.find((known) => known === text);
  if (kind === undefined) throw new InvalidArgumentError(`It must be one of ${comparisonKinds.join(', ')}.`);
  return [...(previous ?? []), kind];
}

const differing: readonly ComparisonKind[] = ['state', 'changed', 'only_before', 'only_after'];

const kindTexts: Readonly<Record<ComparisonKind, string>> = {
  state: 'in another state',
  changed: 'with another answer',
  only_before: 'only in the first run',
  only_after: 'only in the second run',
  same: 'the same',
};

const runLine = (name: string, { runId, agent, action, person, startedAtMs }: RunSummary): string =>
  cleanLine(`${name} ${runId}  ${agent} ${action}  ${new Date(startedAtMs).toISOString()}  ${person}`);

function headLines({ before, after, nodes, kinds }: Comparison): readonly string[] {
  const figures = comparisonKinds.filter((kind) => kinds[kind] > 0).map((kind) => `${kinds[kind]} ${kindTexts[kind]}`);
  return [runLine('First: ', before), runLine('Second:', after), `${nodes} nodes: ${figures.join(', ')}`];
}

const valueText = (value: unknown): string =>
  value === undefined ? '(nothing)' : typeof value === 'string' ? value : JSON.stringify(value);

function fieldOf(side: ComparedSide, field: string): unknown {
  if (field === '@message') return side.statusMessage;
  return field === '@code' ? side.statusCode : side.data[field];
}

/** A node with what differs, a line for each output. */
function nodeLines({ identity, kind, fields, before, after }: ComparedNode): readonly string[] {
  const state =
    kind === 'state' && before !== null && after !== null
      ? `: ${before.state} -> ${after.state}`
      : ` ${kindTexts[kind]}`;
  const only = kind === 'only_before' ? before : kind === 'only_after' ? after : null;
  return [
    `${identity}${only === null ? state : `${state}: ${only.state}`}`,
    ...(before === null || after === null
      ? []
      : fields.map(
          (field) => `   ${field}: ${valueText(fieldOf(before, field))} -> ${valueText(fieldOf(after, field))}`,
        )),
  ].map(cleanLine);
}

const sideJson = (side: ComparedSide | null) =>
  side === null
    ? null
    : { state: side.state, statuscode: side.statusCode, statusmsg: side.statusMessage, data: side.data };

const nodeJson = ({ identity, kind, fields, before, after }: ComparedNode) => ({
  sender: identity,
  kind,
  fields,
  before: sideJson(before),
  after: sideJson(after),
});

/** Writes the nodes one by one, so that 50,000 of them are never in memory at once. */
async function writeNodes(
  pages: ReturnType<Engine['comparisons']['pages']>,
  write: (node: ComparedNode, isFirst: boolean) => void,
): Promise<Result<void>> {
  let isFirst = true;
  for await (const page of pages) {
    if (!page.ok) return page;
    for (const node of page.value) {
      write(node, isFirst);
      isFirst = false;
    }
  }
  return ok(undefined);
}

function headJson({ before, after, nodes, kinds, fields }: Comparison, stdout: TextSink): void {
  const head = cleanJson({ before: before.runId, after: after.runId, nodes, kinds, fields }, 1);
  // The list of nodes follows, in the same object.
  stdout.write(`${head.slice(0, head.lastIndexOf('}')).trimEnd()},\n "differences": [`);
}

/**
 * `muster runs compare`: what the second run came to that the first did not, node by node and output by output. Exit codes as of diff: 0 the same,
 * 1 different, 2 could not be compared.
 */
export function compareRuns(
  first: string,
  second: string,
  flags: CompareFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdout, interrupted } = surroundings;
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const [before, after] = [await findRun(engine, first), await findRun(engine, second)];
    if (!before.ok) return before;
    if (!after.ok) return after;
    const ignore = [...(flags.ignore ?? [])];
    const pair = { before: before.value.runId, after: after.value.runId, ignore };
    const compared = await engine.comparisons.get(pair);
    if (!compared.ok) return compared;
    const { same } = compared.value.kinds;
    const code = same === compared.value.nodes ? exitCodes.ok : exitCodes.differs;
    const kinds = [...(flags.kind ?? differing)];
    if (flags.format !== undefined || flags.output !== undefined) {
      const reported = await writeReport(engine, { kind: 'comparison', ...pair, kinds }, flags, surroundings);
      return reported.ok ? ok(code) : reported;
    }
    const pages = engine.comparisons.pages({ ...pair, kinds }, interrupted);
    const isJson = flags.json === true;
    if (isJson) headJson(compared.value, stdout);
    else stdout.write(`${headLines(compared.value).join('\n')}\n`);
    const written = await writeNodes(pages, (node, isFirst) =>
      stdout.write(
        isJson
          ? `${isFirst ? '' : ','}\n  ${cleanJson(nodeJson(node))}`
          : `${isFirst ? '\n' : ''}${nodeLines(node).join('\n')}\n`,
      ),
    );
    if (isJson) stdout.write('\n ]\n}\n');
    if (!written.ok) return written;
    return ok(code);
  });
}
