import { resolve } from 'node:path';
import type { Engine } from '@muster/client/engine';
import type { ReportOf } from '@muster/protocol/bridge';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { readFormat, type ReportFlags } from '../options/report-flags.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

interface Flags extends ReportFlags {
  readonly json?: true;
}

/** Writes a report to STDOUT, as fast as it is read there. */
async function writeOut(engine: Engine, of: ReportOf, flags: Flags, { stdout, interrupted }: Surroundings) {
  const format = readFormat(flags);
  if (!format.ok) return format;
  const opened = await engine.reports.open(of, format.value);
  if (!opened.ok) return opened;
  try {
    for await (const piece of opened.value.pieces()) {
      if (interrupted.aborted) return fail('report.interrupted', 'Interrupted while the report was written');
      stdout.write(typeof piece === 'string' ? piece : Buffer.from(piece).toString());
      await stdout.drained();
    }
  } catch (thrown) {
    return { ok: false, error: faultFrom(thrown) } as const;
  }
  await engine.audit.note('export', { what: 'report', format: format.value, of: of.kind, file: 'STDOUT' });
  return ok(opened.value.rowsRead);
}

async function writeFile(engine: Engine, of: ReportOf, file: string, flags: Flags, surroundings: Surroundings) {
  const format = readFormat(flags);
  if (!format.ok) return format;
  const { stdout, interrupted } = surroundings;
  const place = { file, replace: flags.replace === true, signal: interrupted };
  const written = await engine.reports.write(of, format.value, place);
  if (!written.ok) return written;
  const { rows, bytes } = written.value;
  stdout.write(
    flags.json === true
      ? `${cleanJson({ file, format: format.value, rows, bytes }, 1)}\n`
      : `${cleanLine(file)}: ${rows} nodes, ${bytes} bytes\n`,
  );
  return ok(rows);
}

/** A report to a file, of which STDOUT tells, or to STDOUT itself. Exit code 1 when no node is in it. */
export async function writeReport(
  engine: Engine,
  of: ReportOf,
  flags: Flags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  if (flags.output === undefined && flags.json === true)
    return fail('usage.invalid', '--json tells what was written into a file: name it with --output', {
      mend: 'The report itself is JSON with --format json.',
    });
  const rows =
    flags.output === undefined
      ? await writeOut(engine, of, flags, surroundings)
      : await writeFile(engine, of, resolve(flags.output), flags, surroundings);
  if (!rows.ok) return rows;
  return ok(rows.value > 0 ? exitCodes.ok : exitCodes.noMatch);
}
