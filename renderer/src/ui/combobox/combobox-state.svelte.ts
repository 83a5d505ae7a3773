export interface ComboboxOption {
  readonly value: string;
  /** Said behind the value, such as a count. */
  readonly detail?: string;
}

/** The most options in the list; to see others, a person types more. */
export const optionsShown = 100;

/** A text field with a list of proposals: what is typed counts, what is proposed is help. */
export class ComboboxState {
  #options = $state.raw<readonly ComboboxOption[]>([]);
  #isOpen = $state.raw(false);
  #isLoading = $state.raw(false);
  #active = $state.raw(-1);
  /** What the proposals must contain; empty until something is typed. */
  #search = $state.raw('');
  readonly #load: () => Promise<readonly ComboboxOption[]>;
  #question = 0;

  constructor(load: () => Promise<readonly ComboboxOption[]>) {
    this.#load = load;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  get isLoading(): boolean {
    return this.#isLoading;
  }
  /** Place of the highlighted proposal; -1 for none. */
  get active(): number {
    return this.#active;
  }
  /** Proposals that contain every word that was typed; those that begin with it come first. */
  get shown(): readonly ComboboxOption[] {
    const search = this.#search.trim().toLowerCase();
    const words = search.split(/\s+/).filter(Boolean);
    const fitting = this.#options.filter(({ value }) => words.every((word) => value.toLowerCase().includes(word)));
    const first = ({ value }: ComboboxOption) => (value.toLowerCase().startsWith(search) ? 0 : 1);
    return (search === '' ? fitting : fitting.toSorted((a, b) => first(a) - first(b))).slice(0, optionsShown);
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#search = '';
    this.#active = -1;
    void this.#ask();
  }

  /** What can be proposed may have changed. */
  refresh(): void {
    if (this.#isOpen) void this.#ask();
  }

  close(): void {
    this.#isOpen = false;
    this.#active = -1;
    this.#question++;
  }

  type(text: string): void {
    this.open();
    this.#search = text;
    this.#active = -1;
  }

  /** Moves the highlight, around the ends. */
  move(by: 1 | -1): void {
    const { length } = this.shown;
    if (!this.#isOpen) this.open();
    else if (length > 0)
      this.#active = this.#active < 0 ? (by > 0 ? 0 : length - 1) : (this.#active + by + length) % length;
  }

  get highlighted(): ComboboxOption | null {
    return this.shown[this.#active] ?? null;
  }

  async #ask(): Promise<void> {
    const question = ++this.#question;
    this.#isLoading = true;
    const options = await this.#load();
    if (question !== this.#question) return;
    this.#isLoading = false;
    this.#options = options;
  }
}
