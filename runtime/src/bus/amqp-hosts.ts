/** In which order the brokers of a list are tried: from one of them on, round and round. */
export class BrokerHosts {
  readonly #urls: readonly string[];
  #first: number;

  /** `first` is where to begin, counted from 0. */
  constructor(urls: readonly string[], first: number) {
    this.#urls = urls;
    this.#first = first;
  }

  /** All of them, each once. */
  order(): string[] {
    return [...this.#urls.slice(this.#first), ...this.#urls.slice(0, this.#first)];
  }

  /** It took us: it is the first to be tried next time. */
  prefer(url: string): void {
    this.#first = Math.max(0, this.#urls.indexOf(url));
  }

  /** It took us and soon let us go: it is the last to be tried next time. */
  avoid(url: string): void {
    this.#first = (Math.max(0, this.#urls.indexOf(url)) + 1) % Math.max(1, this.#urls.length);
  }
}
