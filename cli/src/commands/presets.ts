import type { Engine } from '@muster/client/engine';
import type { Preset, PresetDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import { readDiscovery } from '../options/discovery-choice.ts';
import type { DiscoveryFlags, SelectionFlags } from '../options/flags.ts';
import { hasSelection, readFilter } from '../options/selection.ts';
import { exitCodes } from '../output/exit-code.ts';
import { presetJson, presetTable, presetText } from '../output/selection-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { printEntry, type HomeFlags, type NamedDocument, type NamedEntries } from './named-entries.ts';
import { withEngine } from './with-engine.ts';

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

/** Presets under their names. */
export const namedPresets: NamedEntries<Preset, Preset> = {
  noun: 'preset',
  of: ({ presets }) => presets,
  json: presetJson,
  table: presetTable,
  text: presetText,
};

/** Presets and groups as one document. */
export const selectionDocument: NamedDocument = { malformed: 'preset.malformed', of: ({ presets }) => presets };

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
    printEntry(namedPresets, saved.value, flags, surroundings);
    return ok(exitCodes.ok);
  });
}
