import type { BridgeClient, ListedProfile, ProfileColour, ProfileList } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { createContext } from 'svelte';
import { shellWord } from '../target-card/command-line.ts';

/** A fleet that can be shown. */
export interface ShownFleet {
  /** What `profiles.open` takes; null for a home that has no name. */
  readonly name: string | null;
  /** What a person reads. */
  readonly label: string;
  readonly colour: ProfileColour;
  readonly isSetUp: boolean;
}

const folderName = (home: string): string => home.split(/[\\/]/).findLast((part) => part !== '') ?? home;
const unnamed = (home: string): ShownFleet => ({
  ...{ name: null, label: folderName(home), colour: 'none' as const, isSetUp: true },
});
const shown = ({ name, colour, isSetUp }: ListedProfile): ShownFleet => ({ name, label: name, colour, isSetUp });

/** The fleets of the person, which of them this window shows, and the way to another. Who has one fleet sees nothing of it. */
export class FleetsState {
  /** Whether the menu of the fleets is open. */
  isMenuOpen = $state(false);
  #list = $state.raw<ProfileList | null>(null);
  #fault = $state.raw<Fault | null>(null);
  /** The fleet that is being opened. */
  #opening = $state.raw<string | null>(null);
  readonly #bridge: BridgeClient;
  readonly #enter: (session: string) => void;

  /** `enter` goes on in this window with the session of another fleet. */
  constructor(bridge: BridgeClient, enter: (session: string) => void) {
    this.#bridge = bridge;
    this.#enter = enter;
  }

  /** Null until it was read, and where the host keeps no fleets. */
  get list(): ProfileList | null {
    return this.#list;
  }
  /** Why the last thing that was asked for did not happen. */
  get fault(): Fault | null {
    return this.#fault;
  }
  get opening(): string | null {
    return this.#opening;
  }

  /** The one that this window shows; null until it is known. */
  get here(): ShownFleet | null {
    const list = this.#list;
    if (list === null) return null;
    const profile = list.profiles.find(({ name }) => name === list.here);
    return profile === undefined ? unnamed(list.home) : shown(profile);
  }

  /** Those that the window can switch to. */
  get others(): readonly ShownFleet[] {
    const list = this.#list;
    if (list === null) return [];
    const named = list.profiles
      .filter(({ name, isSetUp }) => name !== list.here && (isSetUp || list.profiles.length > 1))
      .map(shown);
    const first = list.unnamedHome !== null && list.unnamedHome !== list.home ? [unnamed(list.unnamedHome)] : [];
    return [...first, ...named];
  }

  /** Whether it matters which fleet this is: there are others, or a person gave it a name or a colour. */
  get isTold(): boolean {
    const { here } = this;
    if (here === null) return false;
    return this.others.length > 0 || here.colour !== 'none' || (here.name !== null && here.name !== 'default');
  }

  /** What makes a command work on this fleet and no other, with a blank before it; empty where that goes without saying. */
  get flag(): string {
    if (!this.isTold || this.#list === null) return '';
    const { here, home } = this.#list;
    return here === null ? ` --home ${shellWord(home)}` : ` --profile ${shellWord(here)}`;
  }

  async read(): Promise<void> {
    const answer = await this.#bridge.call('profiles.list', {});
    if (answer.ok) this.#list = answer.value;
    this.#fault = answer.ok || answer.error.code === 'bridge.unknown_endpoint' ? null : answer.error;
  }

  async open({ name, label }: Pick<ShownFleet, 'name' | 'label'>): Promise<void> {
    if (this.#opening !== null) return;
    this.#opening = label;
    const answer = await this.#bridge.call('profiles.open', { name });
    this.#opening = null;
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok && answer.value.session !== null) this.#enter(answer.value.session);
  }

  /** Adds one and opens it; false when that did not happen. */
  async add(profile: { name: string; colour: ProfileColour; home?: string }): Promise<boolean> {
    if (!(await this.#change(this.#bridge.call('profiles.add', profile)))) return false;
    await this.open({ name: profile.name, label: profile.name });
    return true;
  }

  paint(name: string, colour: ProfileColour): Promise<boolean> {
    return this.#change(this.#bridge.call('profiles.change', { name, colour }));
  }

  rename(name: string, newName: string): Promise<boolean> {
    return this.#change(this.#bridge.call('profiles.change', { name, newName }));
  }

  use(name: string): Promise<boolean> {
    return this.#change(this.#bridge.call('profiles.use', { name }));
  }

  forget(name: string): Promise<boolean> {
    return this.#change(this.#bridge.call('profiles.remove', { name }));
  }

  clearFault(): void {
    this.#fault = null;
  }

  async #change(asked: ReturnType<BridgeClient['call']>): Promise<boolean> {
    const answer = await asked;
    if (answer.ok) await this.read();
    else this.#fault = answer.error;
    return answer.ok;
  }
}

export const [useFleets, provideFleets] = createContext<FleetsState>();
