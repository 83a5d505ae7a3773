import type { Engine } from '@muster/client/engine';
import type { ImportMode, Preset, PresetDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import { readDiscovery } from '../options/discovery-choice.ts';
import type { DiscoveryFlags, OutputFlags, SelectionFlags } from '../options/flags.ts';
import { hasSelection, readFilter } from '../options/selection.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { presetJson, presetTable, presetText } from '../output/selection-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { withEngine } from './with-engine.ts';

export interface HomeFlags extends Pick<OutputFlags, 'json'> {
  readonly home?: string;
}

export interface ListFlags extends HomeFlags {
  readonly tag?: readonly string[];
}

/** Flags of what is saved under a name. */
export interface SaveFlags extends HomeFlags, SelectionFlags {
  readonly description?: string;
  readonly tag?: readonly string[];
  readonly replace?: true;
  readonly previous?: string;
}

export interface PresetSaveFlags extends SaveFlags, Pick<DiscoveryFlags, 'discMethod' | 'discOption'> {
  readonly target?: string;
}

/** Those that have all of the tags. */
export const withTags = <T extends { readonly tags: readonly string[] }>(
  entries: readonly T[],
  tags: readonly string[] = [],
): readonly T[] => {
  const lower = (texts: readonly string[]) => texts.map((text) => text.toLowerCase());
  return entries.filter((entry) => lower(tags).every((tag) => lower(entry.tags).includes(tag)));
};

/**
 * The name under which something is there that `save` is going to change, and what is there; both null for something new.
 * `--previous` keeps what flags do not say, `--replace` does not.
 */
export async function earlier<T>(
  name: string,
  { previous, replace }: Pick<SaveFlags, 'previous' | 'replace'>,
  get: (name: string) => Promise<Result<T>>,
): Promise<Result<{ previousName: string | null; kept: T | null }>> {
  if (previous !== undefined) {
    const kept = await get(previous);
    return kept.ok ? ok({ previousName: previous, kept: kept.value }) : kept;
  }
  const isHere = replace === true && (await get(name)).ok;
  return ok({ previousName: isHere ? name : null, kept: null });
}

/** Says how to change what is there where only a new one was meant. */
export function explainTaken<T>(saved: Result<T>): Result<T> {
  if (saved.ok || !saved.error.code.endsWith('.taken')) return saved;
  return fail(saved.error.code, saved.error.message, { mend: 'Add --replace to write over it.' });
}

export async function listPresets(flags: ListFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ presets }) => {
    const listed = await presets.list();
    if (!listed.ok) return listed;
    const chosen = withTags(listed.value, flags.tag);
    const { stdout } = surroundings;
    if (flags.json === true) stdout.write(`${cleanJson(chosen.map(presetJson), 1)}\n`);
    else stdout.write(chosen.length === 0 ? 'There are no presets.\n' : presetTable(chosen));
    return ok(exitCodes.ok);
  });
}

const print = (preset: Preset, { json }: HomeFlags, { stdout }: Surroundings): void =>
  stdout.write(json === true ? `${cleanJson(presetJson(preset), 1)}\n` : presetText(preset));

export async function showPreset(name: string, flags: HomeFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ presets }) => {
    const preset = await presets.get(name);
    if (!preset.ok) return preset;
    print(preset.value, flags, surroundings);
    return ok(exitCodes.ok);
  });
}

/** The preset that the flags describe, on top of the one that it changes. */
function draftOf(
  name: string,
  flags: PresetSaveFlags,
  kept: Preset | null,
  configured: Engine['discovery']['choice'],
): Result<PresetDraft> {
  const filter = readFilter(flags);
  if (!filter.ok) return filter;
  const wanted = readDiscovery(flags);
  if (!wanted.ok) return wanted;
  const { method = configured.method, options = {} } = wanted.value ?? {};
  const discovery = wanted.value === null ? kept?.discovery : { method, options };
  const collective = flags.target ?? kept?.collective;
  return ok({
    name,
    description: flags.description ?? kept?.description ?? '',
    tags: [...(flags.tag ?? kept?.tags ?? [])],
    filter: hasSelection(flags) ? printFilter(filter.value) : (kept?.filter ?? ''),
    ...(collective === undefined ? {} : { collective }),
    ...(discovery === undefined ? {} : { discovery }),
  });
}

export async function savePreset(
  name: string,
  flags: PresetSaveFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ presets, discovery }) => {
    const before = await earlier(name, flags, (of) => presets.get(of));
    if (!before.ok) return before;
    const { previousName, kept } = before.value;
    const preset = draftOf(name, flags, kept, discovery.choice);
    if (!preset.ok) return preset;
    const saved = await presets.save({ preset: preset.value, ...(previousName === null ? {} : { previousName }) });
    if (!saved.ok) return explainTaken(saved);
    print(saved.value, flags, surroundings);
    return ok(exitCodes.ok);
  });
}

export async function removePreset(
  name: string,
  flags: HomeFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ presets }) => {
    const removed = await presets.remove(name);
    if (!removed.ok) return removed;
    surroundings.stdout.write(flags.json === true ? `${cleanJson({ removed: name })}\n` : `Removed preset ${name}.\n`);
    return ok(exitCodes.ok);
  });
}

/** `muster preset export`: the document goes to STDOUT. */
export async function exportPresets(flags: HomeFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ presets }) => {
    const document = await presets.export();
    if (!document.ok) return document;
    surroundings.stdout.write(`${cleanJson(document.value, 2)}\n`);
    return ok(exitCodes.ok);
  });
}

function parsed(text: string, source: string): Result<unknown> {
  try {
    return ok(JSON.parse(text) as unknown); // whatever it is, it is looked at before it is used
  } catch (error) {
    return fail('preset.malformed', `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export async function importPresets(
  file: string,
  flags: HomeFlags & { readonly mode: ImportMode },
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdin, stdout } = surroundings;
  const text = file === '-' ? await stdin.readAll({}) : await surroundings.readFile(file);
  if (!text.ok) return text;
  const document = parsed(text.value ?? '', file === '-' ? 'STDIN' : file);
  if (!document.ok) return document;
  return withEngine(surroundings, flags, 'offline', async ({ presets }) => {
    const imported = await presets.import(document.value, flags.mode);
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
