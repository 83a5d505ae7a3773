import { resolve } from 'node:path';
import { ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { findRun } from './find-run.ts';
import { withEngine } from './with-engine.ts';

export interface ExportFlags {
  readonly home?: string;
  readonly out: string;
  readonly replace?: true;
  readonly json?: true;
}

/** `muster runs export --evidence`: what was signed in a run, in one file that proves itself. */
export async function exportRun(id: string, flags: ExportFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const run = await findRun(engine, id);
    if (!run.ok) return run;
    const { runId } = run.value;
    const file = resolve(flags.out);
    const { interrupted, stdout } = surroundings;
    const written = await engine.evidence.export({
      runId,
      file,
      replace: flags.replace === true,
      signal: interrupted,
    });
    if (!written.ok) return written;
    const { requests, replies, nodes } = written.value;
    stdout.write(
      flags.json === true
        ? `${cleanJson({ runId, file, requests, replies, nodes }, 1)}\n`
        : `${cleanLine(file)}: ${requests} requests, and ${replies} answers of ${nodes} nodes\n`,
    );
    return ok(exitCodes.ok);
  });
}
