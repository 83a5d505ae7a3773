import { createContext } from 'svelte';

/** Puts texts where they can be pasted from, and keeps the one that the browser would not take, for a person to copy it by hand. */
export class ClipboardState {
  #refused = $state.raw<string | null>(null);
  readonly #write: (text: string) => Promise<void>;

  /** `write` rejects when the clipboard may not be written to. */
  constructor(write: (text: string) => Promise<void>) {
    this.#write = write;
  }

  /** What could not be copied last; null when nothing was refused, or it has been taken. */
  get refused(): string | null {
    return this.#refused;
  }

  /** Whether it was copied; where not, it is {@link refused}. */
  async copy(text: string): Promise<boolean> {
    try {
      await this.#write(text);
      this.#refused = null;
    } catch {
      this.#refused = text;
    }
    return this.#refused === null;
  }

  dismiss(): void {
    this.#refused = null;
  }
}

export const [useClipboard, provideClipboard] = createContext<ClipboardState>();
