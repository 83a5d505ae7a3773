import type { Engine } from '@muster/client/engine';
import type { ImportMode } from '@muster/protocol/bridge';
import { fail, ok, type ErrorCode, type Result } from '@muster/protocol/errors';
import type { OutputFlags } from '../options/flags.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { withEngine } from './with-engine.ts';

export interface HomeFlags extends Pick<OutputFlags, 'json'> {
  readonly home?: string;
}

export interface ListFlags extends HomeFlags {
  readonly tag?: readonly string[];
}

interface Tagged {
  readonly tags: readonly string[];
}

/** What a console keeps under names, and how it is shown. */
export interface NamedEntries<Entry, Listed extends Entry & Tagged> {
  /** One of them, in words. */
  readonly noun: string;
  of(engine: Engine): {
    list(): Promise<Result<readonly Listed[]>>;
    get(name: string): Promise<Result<Entry>>;
    remove(name: string): Promise<Result<void>>;
  };
  json(entry: Entry): object;
  table(entries: readonly Listed[]): string;
  text(entry: Entry, columns: number): string;
}

/** Entries as they are carried from one console to another. */
export interface NamedDocument {
  /** What is said of a file that is no such document. */
  readonly malformed: ErrorCode;
  of(engine: Engine): {
    export(): Promise<Result<object>>;
    import(
      document: unknown,
      mode: ImportMode,
    ): Promise<Result<{ readonly added: number; readonly replaced: number; readonly kept: number }>>;
  };
}

/** Those that have all of the tags. */
function withTags<T extends Tagged>(entries: readonly T[], tags: readonly string[] = []): readonly T[] {
  const lower = (texts: readonly string[]) => texts.map((text) => text.toLowerCase());
  return entries.filter((entry) => lower(tags).every((tag) => lower(entry.tags).includes(tag)));
}

export function listEntries<Entry, Listed extends Entry & Tagged>(
  kind: NamedEntries<Entry, Listed>,
  flags: ListFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const listed = await kind.of(engine).list();
    if (!listed.ok) return listed;
    const chosen = withTags(listed.value, flags.tag);
    const { stdout } = surroundings;
    if (flags.json === true)
      stdout.write(
        `${cleanJson(
          chosen.map((entry) => kind.json(entry)),
          1,
        )}\n`,
      );
    else stdout.write(chosen.length === 0 ? `There are no ${kind.noun}s.\n` : kind.table(chosen));
    return ok(exitCodes.ok);
  });
}

export function printEntry<Entry, Listed extends Entry & Tagged>(
  kind: NamedEntries<Entry, Listed>,
  entry: Entry,
  { json }: HomeFlags,
  { stdout }: Surroundings,
): void {
  stdout.write(json === true ? `${cleanJson(kind.json(entry), 1)}\n` : kind.text(entry, stdout.columns));
}

export function showEntry<Entry, Listed extends Entry & Tagged>(
  kind: NamedEntries<Entry, Listed>,
  name: string,
  flags: HomeFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const entry = await kind.of(engine).get(name);
    if (!entry.ok) return entry;
    printEntry(kind, entry.value, flags, surroundings);
    return ok(exitCodes.ok);
  });
}

export function removeEntry<Entry, Listed extends Entry & Tagged>(
  kind: NamedEntries<Entry, Listed>,
  name: string,
  flags: HomeFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const removed = await kind.of(engine).remove(name);
    if (!removed.ok) return removed;
    const { stdout } = surroundings;
    stdout.write(flags.json === true ? `${cleanJson({ removed: name })}\n` : `Removed ${kind.noun} ${name}.\n`);
    return ok(exitCodes.ok);
  });
}

/** The document goes to STDOUT. */
export function exportEntries(
  kind: NamedDocument,
  flags: HomeFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const document = await kind.of(engine).export();
    if (!document.ok) return document;
    surroundings.stdout.write(`${cleanJson(document.value, 2)}\n`);
    return ok(exitCodes.ok);
  });
}

function parsed(text: string, source: string, malformed: ErrorCode): Result<unknown> {
  try {
    return ok(JSON.parse(text) as unknown); // whatever it is, it is looked at before it is used
  } catch (error) {
    return fail(malformed, `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Takes over a document from a file, or from STDIN for `-`. */
export async function importEntries(
  kind: NamedDocument,
  file: string,
  flags: HomeFlags & { readonly mode: ImportMode },
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdin, stdout } = surroundings;
  const text = file === '-' ? await stdin.readAll({}) : await surroundings.readFile(file);
  if (!text.ok) return text;
  const document = parsed(text.value ?? '', file === '-' ? 'STDIN' : file, kind.malformed);
  if (!document.ok) return document;
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const imported = await kind.of(engine).import(document.value, flags.mode);
    if (!imported.ok) return imported;
    const { added, replaced, kept } = imported.value;
    stdout.write(
      flags.json === true
        ? `${cleanJson(imported.value)}\n`
        : `Added ${added}, replaced ${replaced}, kept as they were ${kept}.\n`,
    );
    return ok(exitCodes.ok);
  });
}
