import type { BridgeClient } from '@muster/protocol/bridge';
import { z } from 'zod';
import { createPreference, type Preference } from '../preferences/preference.ts';

/** Keys of preferences are no longer than this. */
const keyLength = 100;

/** Which outputs of an action are columns, remembered for the next run of it; null while nobody has chosen. */
export class OutputChoice {
  #chosen = $state.raw<ReadonlySet<string> | null>(null);
  readonly #preference: Preference<string[]>;

  constructor(bridge: BridgeClient, agent: string, action: string) {
    const key = `run.columns.${agent}.${action}`.slice(0, keyLength);
    this.#preference = createPreference(bridge, key, z.array(z.string()));
    void this.#preference.load().then((kept) => {
      if (kept !== null && kept.length > 0) this.#chosen ??= new Set(kept);
    });
  }

  get chosen(): ReadonlySet<string> | null {
    return this.#chosen;
  }

  /** Shows an output, or no longer; `shown` are those that are shown now. */
  toggle(output: string, shown: ReadonlySet<string>): void {
    const chosen = new Set(shown);
    if (!chosen.delete(output)) chosen.add(output);
    this.#chosen = chosen;
    this.#preference.save([...chosen]);
  }

  reset(): void {
    this.#chosen = null;
    this.#preference.save([]);
  }
}
