import type {
  BridgeClient,
  EndpointResult,
  GroupDraft,
  ImportMode,
  ListedGroup,
  Preset,
  PresetDraft,
} from '@muster/protocol/bridge';
import type { Fault, Result } from '@muster/protocol/errors';
import { readJsonFile } from './read-json-file.ts';

export type ImportCounts = EndpointResult<'presets.import'>;

/** Whether every word of a search is in one of the texts. */
export function holdsWords(search: string, texts: readonly string[]): boolean {
  const all = texts.join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** A stored preset as one to be written again. */
export function presetDraft({ name, description, tags, filter, collective, discovery }: Preset): PresetDraft {
  return {
    ...{ name, description, tags, filter },
    ...(collective === undefined ? {} : { collective }),
    ...(discovery === undefined ? {} : { discovery }),
  };
}

/** The same of a group. */
export function groupDraft({ name, description, tags, identities, filter, groups }: ListedGroup): GroupDraft {
  return { name, description, tags, identities, filter, groups };
}

/** The selections of nodes that have a name, as they are now, here or in another process. */
export class SelectionsState {
  #presets = $state.raw<readonly Preset[] | null>(null);
  #groups = $state.raw<readonly ListedGroup[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #removed = $state.raw<PresetDraft | null>(null);
  readonly #bridge: BridgeClient;
  readonly #stop: () => void;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    this.#stop = bridge.follow('presets.changes', {}, () => void this.load());
    void this.load();
  }

  /** Null until they are here. */
  get presets(): readonly Preset[] | null {
    return this.#presets;
  }
  get groups(): readonly ListedGroup[] | null {
    return this.#groups;
  }
  /** Why the last thing did not work. */
  get fault(): Fault | null {
    return this.#fault;
  }
  /** The preset that was deleted last and can be brought back. */
  get removed(): PresetDraft | null {
    return this.#removed;
  }

  async load(): Promise<void> {
    const [presets, groups] = await Promise.all([
      this.#bridge.call('presets.list', {}),
      this.#bridge.call('groups.list', {}),
    ]);
    if (presets.ok) this.#presets = presets.value.presets;
    if (groups.ok) this.#groups = groups.value.groups;
    this.#fault = presets.ok ? (groups.ok ? null : groups.error) : presets.error;
  }

  async savePreset(preset: PresetDraft, previousName?: string): Promise<Result<unknown>> {
    return this.#done(
      await this.#bridge.call('presets.save', { preset, ...(previousName === undefined ? {} : { previousName }) }),
    );
  }

  /** Deletes a preset; {@link restore} brings it back. */
  async removePreset(preset: Preset): Promise<void> {
    const removed = await this.#bridge.call('presets.remove', { name: preset.name });
    if (removed.ok) this.#removed = presetDraft(preset);
    this.#noteFault(await this.#done(removed));
  }

  async restore(): Promise<void> {
    const preset = this.#removed;
    this.#removed = null;
    if (preset !== null) this.#noteFault(await this.savePreset(preset));
  }

  forgetRemoved(): void {
    this.#removed = null;
  }

  async saveGroup(group: GroupDraft, previousName?: string): Promise<Result<unknown>> {
    return this.#done(
      await this.#bridge.call('groups.save', { group, ...(previousName === undefined ? {} : { previousName }) }),
    );
  }

  async removeGroup(name: string): Promise<void> {
    this.#noteFault(await this.#done(await this.#bridge.call('groups.remove', { name })));
  }

  /** All presets and groups as a text for a file. */
  async exported(): Promise<Result<string>> {
    const exported = await this.#bridge.call('presets.export', {});
    return exported.ok ? { ok: true, value: `${JSON.stringify(exported.value.document, null, 2)}\n` } : exported;
  }

  /** Takes over what a file holds; faults name the entry that is wrong. */
  async imported(text: string, mode: ImportMode): Promise<Result<ImportCounts>> {
    const document = readJsonFile(text, 'preset.malformed');
    if (!document.ok) return document;
    const imported = await this.#bridge.call('presets.import', { document: document.value, mode });
    await this.load();
    return imported;
  }

  dismissFault(): void {
    this.#fault = null;
  }

  dispose(): void {
    this.#stop();
  }

  async #done<T>(result: Result<T>): Promise<Result<T>> {
    if (result.ok) await this.load();
    return result;
  }

  #noteFault(result: Result<unknown>): void {
    if (!result.ok) this.#fault = result.error;
  }
}
