import type { BridgeClient, GroupDraft } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { FilterState } from '../filter-editor/filter-state.svelte.ts';

/** How many members are shown by name. */
const namesShown = 60;
/** How long changes must rest before members are looked up, in milliseconds. */
const restMs = 250;

/** Texts of a form as tags: with commas between, without blanks around, each once. */
export const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

/** A group while it is being written, with who would be in it by what the inventory knows. */
export class GroupFormState {
  readonly filter: FilterState;
  #name = $state.raw('');
  #description = $state.raw('');
  #tags = $state.raw('');
  #identities = $state.raw('');
  #named = $state.raw<readonly string[]>([]);
  #unreadable = $state.raw<readonly { text: string; message: string }[]>([]);
  #hasFilter = $state.raw(false);
  #groups = $state.raw<readonly string[]>([]);
  #members = $state.raw<{ total: number; identities: readonly string[] } | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isCounting = $state.raw(false);
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  /** The name of the stored group that this changes. */
  readonly previousName: string | undefined;
  #stopRest: () => void = () => undefined;
  #question = 0;

  constructor(bridge: BridgeClient, clock: Clock, draft: GroupDraft, previousName?: string) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.previousName = previousName;
    this.#name = draft.name;
    this.#description = draft.description;
    this.#tags = draft.tags.join(', ');
    this.#identities = draft.identities.join('\n');
    this.#named = draft.identities;
    this.#hasFilter = draft.filter !== null;
    this.#groups = draft.groups;
    this.filter = new FilterState(bridge, clock, draft.filter ?? '', () => this.#changed());
    this.#changed();
  }

  get name(): string {
    return this.#name;
  }
  get description(): string {
    return this.#description;
  }
  get tags(): string {
    return this.#tags;
  }
  get identities(): string {
    return this.#identities;
  }
  /** The nodes that are named, known to the inventory or not. */
  get named(): readonly string[] {
    return this.#named;
  }
  get unreadable(): readonly { text: string; message: string }[] {
    return this.#unreadable;
  }
  get hasFilter(): boolean {
    return this.#hasFilter;
  }
  get groups(): readonly string[] {
    return this.#groups;
  }
  /** Null until looked up, or where only the nodes can tell; {@link fault} says so then. */
  get members(): { readonly total: number; readonly identities: readonly string[] } | null {
    return this.#members;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  get isCounting(): boolean {
    return this.#isCounting;
  }
  get canSave(): boolean {
    return (
      this.#name.trim() !== '' && this.#unreadable.length === 0 && (!this.#hasFilter || this.filter.fault === null)
    );
  }

  /** The group as it would be saved now. */
  get draft(): GroupDraft {
    return {
      name: this.#name.trim(),
      description: this.#description.trim(),
      tags: tagsOf(this.#tags),
      identities: [...this.#named],
      filter: this.#hasFilter ? this.filter.applied : null,
      groups: [...this.#groups],
    };
  }

  setName(name: string): void {
    this.#name = name;
  }
  setDescription(description: string): void {
    this.#description = description;
  }
  setTags(tags: string): void {
    this.#tags = tags;
  }
  setIdentities(text: string): void {
    this.#identities = text;
    this.#changed();
  }
  setHasFilter(hasFilter: boolean): void {
    this.#hasFilter = hasFilter;
    this.#changed();
  }
  toggleGroup(name: string): void {
    const { groups } = this;
    this.#groups = groups.includes(name) ? groups.filter((known) => known !== name) : [...groups, name];
    this.#changed();
  }

  dispose(): void {
    this.#stopRest();
    this.#question++;
    this.filter.dispose();
  }

  #changed(): void {
    this.#stopRest();
    this.#isCounting = true;
    this.#stopRest = this.#clock.after(restMs, () => void this.look());
  }

  /** Reads the names and looks up the members, now. */
  async look(): Promise<void> {
    this.#stopRest();
    const question = ++this.#question;
    const read = await this.#bridge.call('fleet.resolve', { text: this.#identities });
    if (question !== this.#question) return;
    if (read.ok) {
      this.#named = [...read.value.known, ...read.value.unknown];
      this.#unreadable = read.value.malformed;
    }
    const definition = { ...this.draft, name: this.#name.trim() === '' ? 'preview' : this.#name.trim() };
    const members = await this.#bridge.call('groups.members', {
      of: {
        kind: 'definition',
        definition,
        ...(this.previousName === undefined ? {} : { previousName: this.previousName }),
      },
      limit: namesShown,
    });
    if (question !== this.#question) return;
    this.#isCounting = false;
    this.#members = members.ok ? members.value : null;
    this.#fault = members.ok ? null : members.error;
  }
}
