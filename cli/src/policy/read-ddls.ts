import type { AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { readDdlFile } from '../commands/read-ddl-file.ts';
import { withEngine } from '../commands/with-engine.ts';
import type { Surroundings } from '../surroundings.ts';

/** Where the DDLs of agents come from. */
export interface DdlFlags {
  readonly ddl?: readonly string[];
  readonly home?: string;
}

/** Agents by name: those of the inventory of a home, where one is named, then those of files. Errors: those of either. */
export async function readDdls(
  flags: DdlFlags,
  surroundings: Surroundings,
): Promise<Result<ReadonlyMap<string, AgentDdl>>> {
  const ddls = new Map<string, AgentDdl>();
  if (flags.home !== undefined) {
    const known = await withEngine(surroundings, flags, 'unconnected', (engine) => engine.inventory.agents());
    if (!known.ok) return known;
    for (const { ddl } of known.value) ddls.set(ddl.name, ddl);
  }
  for (const file of flags.ddl ?? []) {
    const read = await readDdlFile(file, {}, surroundings);
    if (!read.ok) return read;
    const { ddl } = read.value;
    if (ddl.kind !== 'agent') return fail('ddl.malformed', `${file} describes a data plugin, not an agent`);
    ddls.set(ddl.name, ddl);
  }
  return ok(ddls);
}
