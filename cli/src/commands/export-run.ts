import { resolve } from 'node:path';
import { parseNodeList } from '@muster/client/discovery';
import type { Engine } from '@muster/client/engine';
import type { RunSummary } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { NodeState } from '@muster/protocol/run';
import { columnNames, readFormat, type ReportFlags } from '../options/report-flags.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { findRun } from './find-run.ts';
import { withEngine } from './with-engine.ts';
import { writeReport } from './write-report.ts';

export interface ExportFlags extends ReportFlags {
  readonly home?: string;
  readonly evidence?: true;
  /** As it was called before there were other forms than evidence. */
  readonly out?: string;
  readonly state?: readonly NodeState[];
  readonly search?: string;
  readonly filterReplies?: string;
  readonly nodes?: string;
  readonly json?: true;
}

async function writeEvidence(
  engine: Engine,
  { runId }: RunSummary,
  flags: ExportFlags,
  { interrupted, stdout }: Surroundings,
): Promise<Result<number>> {
  if (
    flags.output === undefined ||
    flags.state !== undefined ||
    flags.search !== undefined ||
    flags.filterReplies !== undefined ||
    flags.nodes !== undefined
  )
    return fail('usage.invalid', 'Evidence is of a whole run, and goes into a file: name it with --output');
  const file = resolve(flags.output);
  const order = { runId, file, replace: flags.replace === true, signal: interrupted };
  const written = await engine.evidence.export(order);
  if (!written.ok) return written;
  const { requests, replies, nodes } = written.value;
  stdout.write(
    flags.json === true
      ? `${cleanJson({ runId, file, requests, replies, nodes }, 1)}\n`
      : `${cleanLine(file)}: ${requests} requests, and ${replies} answers of ${nodes} nodes\n`,
  );
  return ok(exitCodes.ok);
}

/** The names in a file, or on STDIN for `-`; undefined for all nodes. */
async function readNames(file: string | undefined, surroundings: Surroundings): Promise<Result<string[] | undefined>> {
  if (file === undefined) return ok(undefined);
  const text = file === '-' ? await surroundings.stdin.readAll({}) : await surroundings.readFile(file);
  if (!text.ok) return text;
  const list = parseNodeList(text.value ?? '', file === '-' ? 'STDIN' : file);
  return list.ok ? ok([...list.value]) : list;
}

/** `muster runs export`: a run as a report, or what was signed in it as evidence. */
export async function exportRun(id: string, given: ExportFlags, surroundings: Surroundings): Promise<Result<number>> {
  const output = given.output ?? given.out;
  const named: ExportFlags = {
    ...given,
    ...(output === undefined ? {} : { output }),
    ...(given.evidence === true ? { format: 'evidence' } : {}),
  };
  const format = readFormat(named);
  if (!format.ok) return format;
  const flags = { ...named, format: format.value };
  const identities = await readNames(flags.nodes, surroundings);
  if (!identities.ok) return identities;
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const run = await findRun(engine, id);
    if (!run.ok) return run;
    if (flags.format === 'evidence') return writeEvidence(engine, run.value, flags, surroundings);
    const columns = columnNames(flags.columns);
    return writeReport(
      engine,
      {
        kind: 'run',
        runId: run.value.runId,
        states: [...(flags.state ?? [])],
        search: flags.search ?? '',
        ...(flags.filterReplies === undefined ? {} : { filter: flags.filterReplies }),
        sort: { by: '@identity', descending: false },
        ...(identities.value === undefined ? {} : { identities: identities.value }),
        ...(columns === undefined ? {} : { columns }),
      },
      flags,
      surroundings,
    );
  });
}
