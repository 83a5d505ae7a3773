import type { AuditRow, AuditVerdict, BridgeClient } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';

/** How long typing must rest before a search begins, in milliseconds. */
const restMs = 150;

const placeOf = ({ file, line }: { readonly file: string; readonly line: number }): string => `${file}:${line}`;

/** What was done with this console, newest first, and whether anybody changed what is written of it. */
export class AuditState {
  readonly rows = new PagedRows<AuditRow>();
  #search = $state.raw('');
  #total = $state.raw(0);
  #verdicts = $state.raw<readonly AuditVerdict[] | null>(null);
  #isVerifying = $state.raw(false);
  #fault = $state.raw<Fault | null>(null);
  readonly #damaged = $derived(new Set((this.#verdicts ?? []).flatMap(({ damage }) => damage.map(placeOf))));
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  #stopRest: () => void = () => undefined;

  constructor(bridge: BridgeClient, clock: Clock) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.ask();
    void this.verify();
  }

  get search(): string {
    return this.#search;
  }
  /** How many records have the text, also those that are too old to be listed. */
  get total(): number {
    return this.#total;
  }
  /** Null until the first verification. */
  get verdicts(): readonly AuditVerdict[] | null {
    return this.#verdicts;
  }
  get isVerifying(): boolean {
    return this.#isVerifying;
  }
  /** Why nothing could be verified. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Whether verification found damage at the record. */
  isDamaged(row: AuditRow): boolean {
    return this.#damaged.has(placeOf(row));
  }

  searchFor(search: string): void {
    this.#search = search;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restMs, () => this.ask());
  }

  ask(): void {
    const search = this.#search.trim();
    this.rows.ask(async (offset, limit) => {
      const answer = await this.#bridge.call('audit.records', { search, offset, limit });
      if (!answer.ok) return answer;
      const { total, shown, rows } = answer.value;
      this.#total = total;
      return { ok: true, value: { total: shown, rows } };
    });
  }

  async verify(): Promise<void> {
    if (this.#isVerifying) return;
    this.#isVerifying = true;
    const answer = await this.#bridge.call('audit.verify', {});
    this.#isVerifying = false;
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok) this.#verdicts = answer.value.chains;
  }

  dispose(): void {
    this.#stopRest();
  }
}
