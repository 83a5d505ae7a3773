import type { ActionEffect } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { createPalette } from '../output/palette.ts';
import type { Surroundings } from '../surroundings.ts';
import { readDdlFile } from './read-ddl-file.ts';

export interface ImportFlags {
  readonly output?: string;
  readonly effect?: readonly string[];
  readonly name?: string;
  readonly replace?: true;
  readonly json?: true;
}

const effectNames: readonly ActionEffect[] = ['read', 'write', 'destructive'];

/** `action=effect` pairs. Errors: `usage.invalid`. */
function readEffects(flags: readonly string[]): Result<Readonly<Record<string, ActionEffect>>> {
  const effects: [string, ActionEffect][] = [];
  for (const flag of flags) {
    const [action = '', given] = flag.split('=');
    const effect = effectNames.find((name) => name === given);
    if (action === '' || effect === undefined) {
      return fail('usage.invalid', `"${flag}" is not of the form ACTION=EFFECT`, {
        mend: `Effects are ${effectNames.join(', ')}.`,
      });
    }
    effects.push([action, effect]);
  }
  return ok(Object.fromEntries(effects));
}

/** `muster plugin import-ddl`: a DDL of MCollective or Choria as ours, on STDOUT or into a file; what could not be carried over on STDERR. */
export async function importDdl(file: string, flags: ImportFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout, stderr } = surroundings;
  const effects = readEffects(flags.effect ?? []);
  if (!effects.ok) return effects;
  const options = { effects: effects.value, ...(flags.name === undefined ? {} : { name: flags.name }) };
  const read = await readDdlFile(file, options, surroundings);
  if (!read.ok) return read;
  const { ddl, warnings } = read.value;
  const text = `${cleanJson(ddl, 2)}\n`;
  if (flags.output !== undefined) {
    const written = await surroundings.writeFile(flags.output, text, { replace: flags.replace === true });
    if (!written.ok) return written;
  }
  if (flags.json === true) {
    stdout.write(`${cleanJson({ ddl, warnings }, 1)}\n`);
    return ok(exitCodes.ok);
  }
  if (flags.output === undefined) stdout.write(text);
  const { yellow } = createPalette(stderr.colours);
  for (const warning of warnings) stderr.write(`${yellow('warning:')} ${cleanLine(warning)}\n`);
  if (ddl.kind === 'agent') {
    const unsaid = ddl.actions.filter(({ name }) => !Object.hasOwn(effects.value, name)).map(({ name }) => name);
    if (unsaid.length > 0) {
      stderr.write(`Taken as writing, for the DDL does not say: ${unsaid.join(', ')}. Say otherwise with --effect.\n`);
    }
  }
  return ok(exitCodes.ok);
}
