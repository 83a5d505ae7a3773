import type { BridgeClient, RunSummary } from '@muster/protocol/bridge';
import { createContext } from 'svelte';
import { z } from 'zod';
import { texts } from '../../texts/texts.ts';
import { failedStates, silentStates } from '../node-state/state-groups.ts';
import { createPreference, type Preference } from '../preferences/preference.ts';

/** What a person wants to hear of while the window is not in front. */
const wishesSchema = z.object({ finished: z.boolean(), failed: z.boolean() });
export type Wishes = z.infer<typeof wishesSchema>;
const none: Wishes = { finished: false, failed: false };

/** What the desktop lets the window do; `unable` where it has no notifications at all. */
export type Permission = NotificationPermission | 'unable';

/** What the window needs of the desktop; a test brings its own. */
export interface NotificationDesk {
  readonly permission: Permission;
  ask(): Promise<Permission>;
  hasFocus(): boolean;
  /** Shows a note; another one with the same tag replaces it. */
  show(note: {
    readonly title: string;
    readonly body: string;
    readonly tag: string;
    readonly onClick: () => void;
  }): void;
}

/** Whether a run did not go as it was meant to. */
const wentWrong = ({ state, states }: RunSummary): boolean =>
  state !== 'finished' || [...failedStates, ...silentStates].some((one) => (states[one] ?? 0) > 0);

/** Tells of runs that end while nobody looks. */
export class NotificationsState {
  #wishes = $state.raw<Wishes>(none);
  #permission = $state.raw<Permission>('default');
  readonly #desk: NotificationDesk;
  readonly #preference: Preference<Wishes>;
  readonly #onOpen: (runId: string) => void;

  /** `onOpen` is called when a person clicks a note. */
  constructor(bridge: BridgeClient, desk: NotificationDesk, onOpen: (runId: string) => void) {
    this.#desk = desk;
    this.#onOpen = onOpen;
    this.#permission = desk.permission;
    this.#preference = createPreference(bridge, 'notifications', wishesSchema);
    void this.#load();
  }

  get wishes(): Wishes {
    return this.#wishes;
  }
  get permission(): Permission {
    return this.#permission;
  }

  /** Takes a wish down; the desktop is asked for its permission only when there is one. */
  async wish(wishes: Wishes): Promise<void> {
    this.#wishes = wishes;
    this.#preference.save(wishes);
    if ((wishes.finished || wishes.failed) && this.#permission === 'default') this.#permission = await this.#desk.ask();
  }

  /** A run has ended. */
  tell(run: RunSummary): void {
    const isWrong = wentWrong(run);
    if (!(isWrong ? this.#wishes.failed : this.#wishes.finished)) return;
    if (this.#permission !== 'granted' || this.#desk.hasFocus()) return;
    const words = texts.notifications;
    const ok = run.states.ok ?? 0;
    this.#desk.show({
      title: words.noteTitle(`${run.agent} ${run.action}`, texts.runStates[run.state]),
      body: isWrong ? words.noteFailed(ok, run.expected) : words.noteOk(ok),
      tag: run.runId,
      onClick: () => this.#onOpen(run.runId),
    });
  }

  async #load(): Promise<void> {
    const stored = await this.#preference.load();
    if (stored !== null) this.#wishes = stored;
  }
}

export const [useNotifications, provideNotifications] = createContext<NotificationsState>();
