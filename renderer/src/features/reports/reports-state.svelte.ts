import type {
  BridgeClient,
  CopyFormatName,
  EndpointResult,
  ReportFormatName,
  ReportJob,
  ReportOf,
} from '@muster/protocol/bridge';
import type { Fault, Result } from '@muster/protocol/errors';
import { createContext } from 'svelte';

/** Fetches a report from an address, as a file to save. */
export type FetchReport = (address: string) => void;

/** Lets the browser fetch a report, which it saves as it saves everything. */
export function fetchReport(page: Document): FetchReport {
  return (address) => {
    const link = page.createElement('a');
    link.href = address;
    link.download = '';
    link.click();
  };
}

/** The reports of this console: what is being written, and what is ready. */
export class ReportsState {
  #jobs = $state.raw<readonly ReportJob[]>([]);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;
  readonly #fetch: FetchReport;
  readonly #stopFollowing: () => void;
  /** Those that this window ordered and has not fetched yet. */
  readonly #expected = new Set<string>();

  constructor(bridge: BridgeClient, fetch: FetchReport) {
    this.#bridge = bridge;
    this.#fetch = fetch;
    this.#stopFollowing = bridge.follow('reports.changes', {}, ({ reports }) => this.#take(reports));
  }

  /** The newest first. */
  get jobs(): readonly ReportJob[] {
    return this.#jobs;
  }
  /** Why the last one could not be handed over. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Begins a report; it goes on when the page is left. Null when the person was asked where to and wants it no more. */
  async start(of: ReportOf, format: ReportFormatName): Promise<Result<string | null>> {
    const started = await this.#bridge.call('reports.start', { of, format });
    if (!started.ok) return started;
    const { reportId } = started.value;
    if (reportId !== null) {
      this.#expected.add(reportId);
      this.#take(this.#jobs);
    }
    return { ok: true, value: reportId };
  }

  copy(of: ReportOf, format: CopyFormatName): Promise<Result<EndpointResult<'reports.copy'>>> {
    return this.#bridge.call('reports.copy', { of, format });
  }

  async cancel(reportId: string): Promise<void> {
    await this.#bridge.call('reports.cancel', { reportId });
  }

  /** Downloads one that is ready, or shows where it is. */
  async fetch(reportId: string): Promise<void> {
    const fetched = await this.#bridge.call('reports.fetch', { reportId });
    this.#fault = fetched.ok ? null : fetched.error;
    if (fetched.ok && fetched.value.address !== null) this.#fetch(fetched.value.address);
  }

  async dismiss(reportId: string): Promise<void> {
    this.#jobs = this.#jobs.filter((job) => job.reportId !== reportId);
    await this.#bridge.call('reports.dismiss', { reportId });
  }

  dispose(): void {
    this.#stopFollowing();
  }

  #take(jobs: readonly ReportJob[]): void {
    this.#jobs = jobs;
    for (const { reportId, state, file } of jobs) {
      if (state === 'writing' || !this.#expected.delete(reportId)) continue;
      // What lies where the person chose needs no fetching.
      if (state === 'ready' && file === null) void this.fetch(reportId);
    }
  }
}

export const [useReports, provideReports] = createContext<ReportsState>();
