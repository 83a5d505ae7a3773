import type { BridgeClient } from '@muster/protocol/bridge';
import { z } from 'zod';
import { createPreference, type Preference } from '../preferences/preference.ts';
import type { Command } from './command.ts';
import { collide, type Shortcut } from './shortcut.ts';

/** Shortcuts that differ from the usual ones, by command; an empty list takes all away. */
const chosenSchema = z.record(z.string().max(64), z.array(z.string().max(64)).max(4));
type Chosen = z.infer<typeof chosenSchema>;

/** Which keys lead to which commands: the usual ones, and what a person has changed. */
export class KeymapState {
  #chosen = $state.raw<Chosen>({});
  readonly #commands: readonly Command[];
  // Asked for at each key that is pressed.
  readonly #known = $derived.by(() => new Set(this.#commands.flatMap(({ id }) => this.shortcutsOf(id))));
  readonly #preference: Preference<Chosen>;

  constructor(bridge: BridgeClient, commands: readonly Command[]) {
    this.#commands = commands;
    this.#preference = createPreference(bridge, 'shortcuts', chosenSchema);
    void this.#load();
  }

  /** Every shortcut that leads somewhere. */
  get known(): ReadonlySet<Shortcut> {
    return this.#known;
  }
  get isChanged(): boolean {
    return Object.keys(this.#chosen).length > 0;
  }

  isChangedFor(id: string): boolean {
    return this.#chosen[id] !== undefined;
  }

  shortcutsOf(id: string): readonly Shortcut[] {
    return this.#chosen[id] ?? this.#commands.find((command) => command.id === id)?.shortcuts ?? [];
  }

  commandsOf(shortcut: Shortcut): readonly string[] {
    return this.#commands.filter(({ id }) => this.shortcutsOf(id).includes(shortcut)).map(({ id }) => id);
  }

  /** Other commands that this shortcut would take keys from, or that would take them from it. */
  conflictsOf(id: string, shortcut: Shortcut): readonly Command[] {
    return this.#commands.filter(
      (command) => command.id !== id && this.shortcutsOf(command.id).some((other) => collide(other, shortcut)),
    );
  }

  choose(id: string, shortcuts: readonly Shortcut[]): void {
    this.#keep({ ...this.#chosen, [id]: [...shortcuts] });
  }

  /** Gives a shortcut to a command and takes what collides with it from all others. */
  takeOver(id: string, shortcut: Shortcut): void {
    const others = this.conflictsOf(id, shortcut).map((command): [string, Shortcut[]] => [
      command.id,
      this.shortcutsOf(command.id).filter((other) => !collide(other, shortcut)),
    ]);
    this.#keep({ ...this.#chosen, ...Object.fromEntries(others), [id]: [shortcut] });
  }

  reset(id: string): void {
    this.#keep(Object.fromEntries(Object.entries(this.#chosen).filter(([other]) => other !== id)));
  }

  resetAll(): void {
    this.#keep({});
  }

  async #load(): Promise<void> {
    const stored = await this.#preference.load();
    if (stored !== null) this.#chosen = stored;
  }

  #keep(chosen: Chosen): void {
    this.#chosen = chosen;
    this.#preference.save(chosen);
  }
}
