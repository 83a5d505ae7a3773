import type { BridgeClient, ListedGroup, Preset, Recipe } from '@muster/protocol/bridge';
import { createContext } from 'svelte';
import { z } from 'zod';
import { createPreference, type Preference } from '../preferences/preference.ts';

const pinSchema = z.object({ kind: z.enum(['preset', 'group', 'recipe']), name: z.string() });
type StoredPin = z.infer<typeof pinSchema>;
export type PinKind = StoredPin['kind'];

/** Something that a person keeps under a name. */
export type Saved =
  | { readonly kind: 'preset'; readonly preset: Preset }
  | { readonly kind: 'group'; readonly group: ListedGroup }
  | { readonly kind: 'recipe'; readonly recipe: Recipe };
export type Pinned = Saved & { readonly name: string };

const isPin =
  (kind: PinKind, name: string) =>
  (pin: StoredPin): boolean =>
    pin.kind === kind && pin.name === name;

/** What is pinned to the side of the window, in the order in which it was. What was deleted is not shown, and again when it is brought back. */
export class PinsState {
  #pins = $state.raw<readonly StoredPin[]>([]);
  #presets = $state.raw<readonly Preset[]>([]);
  #groups = $state.raw<readonly ListedGroup[]>([]);
  #recipes = $state.raw<readonly Recipe[]>([]);
  readonly #bridge: BridgeClient;
  readonly #preference: Preference<StoredPin[]>;
  readonly #stop: () => void;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    this.#preference = createPreference(bridge, 'sidebar.pins', z.array(pinSchema));
    this.#stop = bridge.follow('presets.changes', {}, () => void this.#look());
    void this.read();
  }

  /** Reads the pins anew: another window may have changed them. */
  async read(): Promise<void> {
    this.#pins = (await this.#preference.load()) ?? [];
    await this.#look();
  }

  get shown(): readonly Pinned[] {
    return this.#pins.flatMap((pin) => this.#meant(pin) ?? []);
  }

  has(kind: PinKind, name: string): boolean {
    return this.#pins.some(isPin(kind, name));
  }

  toggle(kind: PinKind, name: string): void {
    const others = this.#pins.filter((pin) => !isPin(kind, name)(pin));
    this.#keep(others.length < this.#pins.length ? others : [...others, { kind, name }]);
  }

  /** What is pinned has another name now. */
  rename(kind: PinKind, from: string, to: string): void {
    if (from !== to && this.has(kind, from))
      this.#keep(this.#pins.map((pin) => (isPin(kind, from)(pin) ? { kind, name: to } : pin)));
  }

  dispose(): void {
    this.#stop();
  }

  #meant({ kind, name }: StoredPin): Pinned | undefined {
    const isNamed = (one: { readonly name: string }) => one.name === name;
    switch (kind) {
      case 'preset': {
        const preset = this.#presets.find(isNamed);
        return preset && { kind, name, preset };
      }
      case 'group': {
        const group = this.#groups.find(isNamed);
        return group && { kind, name, group };
      }
      case 'recipe': {
        const recipe = this.#recipes.find(isNamed);
        return recipe && { kind, name, recipe };
      }
    }
  }

  #keep(pins: readonly StoredPin[]): void {
    this.#pins = pins;
    this.#preference.save([...pins]);
    void this.#look();
  }

  /** Reads what the pins mean; a window without pins asks for nothing. */
  async #look(): Promise<void> {
    if (this.#pins.length === 0) return;
    const [presets, groups, recipes] = await Promise.all([
      this.#bridge.call('presets.list', {}),
      this.#bridge.call('groups.list', {}),
      this.#bridge.call('recipes.list', {}),
    ]);
    if (presets.ok) this.#presets = presets.value.presets;
    if (groups.ok) this.#groups = groups.value.groups;
    if (recipes.ok) this.#recipes = recipes.value.recipes;
  }
}

export const [usePins, providePins] = createContext<PinsState>();
