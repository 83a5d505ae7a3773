import type { BridgeClient, LogLine, LogSeverity } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';

/** How long typing must rest before a search begins, in milliseconds. */
const restMs = 200;
/** How many lines are shown at most; a person who looks for others searches. */
const mostLines = 500;

/** The end of the console's own log. */
export class ConsoleLogState {
  #lines = $state.raw<readonly LogLine[] | null>(null);
  #isCut = $state.raw(false);
  #fault = $state.raw<Fault | null>(null);
  #level = $state.raw<LogSeverity>('info');
  #search = $state.raw('');
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  #stopRest: () => void = () => undefined;
  #question = 0;

  constructor(bridge: BridgeClient, clock: Clock) {
    this.#bridge = bridge;
    this.#clock = clock;
    void this.read();
  }

  /** The newest first; null until the first answer. */
  get lines(): readonly LogLine[] | null {
    return this.#lines;
  }
  /** Whether there are more than are shown. */
  get isCut(): boolean {
    return this.#isCut;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  get level(): LogSeverity {
    return this.#level;
  }
  get search(): string {
    return this.#search;
  }

  showLevel(level: LogSeverity): void {
    this.#level = level;
    void this.read();
  }

  searchFor(search: string): void {
    this.#search = search;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restMs, () => void this.read());
  }

  async read(): Promise<void> {
    const question = ++this.#question;
    const answer = await this.#bridge.call('console.log', {
      ...{ level: this.#level, search: this.#search.trim().slice(0, 200) },
      limit: mostLines,
    });
    if (question !== this.#question) return;
    this.#fault = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    this.#lines = answer.value.lines;
    this.#isCut = answer.value.isCut;
  }

  dispose(): void {
    this.#stopRest();
  }
}

/** The lines as a text to be sent to somebody, the oldest first. */
export const logText = (lines: readonly LogLine[]): string =>
  lines
    .toReversed()
    .map(({ atMs, level, message, about }) =>
      [atMs === null ? '' : new Date(atMs).toISOString(), level.toUpperCase(), message, detailText(about)]
        .filter((part) => part !== '')
        .join(' '),
    )
    .join('\n');

/** What a line says beside its message. */
export const detailText = (about: LogLine['about']): string =>
  Object.entries(about)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
