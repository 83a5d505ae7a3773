import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportFormatName, ReportJob, ReportOf, StartTimer } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { randomId } from '@muster/runtime/crypto';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import { unwritable } from '../whole-file/index.ts';
import type { OpenReport } from './open-report.ts';
import type { ReportPlace, WrittenReport } from './write-report.ts';

/** A report that is ready for a browser. */
export interface FetchableReport {
  /** Where it lies. */
  readonly file: string;
  /** What the person's file is to be called. */
  readonly name: string;
  readonly mediaType: string;
}

/** Asks where a report is to go. Resolves to null when the person has changed their mind. */
export type ChoosePlace = (fileName: string) => Promise<string | null>;

/** What {@link ReportJobs} needs. */
export interface ReportJobTools {
  /** Where reports lie that a browser is going to fetch. */
  readonly folder: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly startTimer: StartTimer;
  open(of: ReportOf, format: ReportFormatName): Promise<Result<JobSource>>;
}

/** What a job writes. */
export interface JobSource {
  readonly name: string;
  readonly mediaType: string;
  /** How far it is; null where nobody counts. */
  readonly progress: (Pick<OpenReport, 'rowsRead'> & { readonly total: number }) | null;
  write(place: ReportPlace): Promise<Result<WrittenReport>>;
}

interface Kept {
  job: ReportJob;
  readonly mediaType: string;
  /** Where it lies, whether a person chose the place or not. */
  readonly path: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** How often those who listen hear how far reports are, in milliseconds. */
const progressMs = 250;
/** How long a report may lie that nobody fetched, once no console is left that would take it away, in milliseconds. */
const staleMs = 86_400_000;

/** Reports that are written while a person goes on with other things. */
export class ReportJobs {
  readonly #tools: ReportJobTools;
  readonly #jobs = new Map<string, Kept>();
  readonly #listeners = new Set<(jobs: readonly ReportJob[]) => void>();

  constructor(tools: ReportJobTools) {
    this.#tools = tools;
  }

  /** The newest first. */
  get list(): readonly ReportJob[] {
    return [...this.#jobs.values()].map(({ job }) => job).reverse();
  }

  onChange(listener: (jobs: readonly ReportJob[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins one; null when the person does not want it any more. `choose` is null where a browser is going to fetch it. */
  async start(of: ReportOf, format: ReportFormatName, choose: ChoosePlace | null): Promise<Result<string | null>> {
    const source = await this.#tools.open(of, format);
    if (!source.ok) return source;
    const reportId = randomId(this.#tools.randomBytes);
    const chosen = choose === null ? null : await choose(source.value.name);
    if (choose !== null && chosen === null) return ok(null);
    const path = chosen ?? join(this.#tools.folder, reportId);
    if (chosen === null) {
      const ready = await this.#prepareFolder();
      if (!ready.ok) return ready;
    }
    const { name, mediaType, progress } = source.value;
    const stop = new AbortController();
    const job: ReportJob = {
      reportId,
      name,
      format,
      state: 'writing',
      rows: 0,
      total: progress?.total ?? null,
      bytes: null,
      file: chosen,
      fault: null,
    };
    const done = source.value
      .write({ file: path, replace: true, signal: stop.signal })
      .then((written) => this.#finish(reportId, written));
    this.#jobs.set(reportId, { job, mediaType, path, stop, done });
    this.#watch(reportId, source.value);
    this.#tell();
    return ok(reportId);
  }

  cancel(reportId: string): Result<void> {
    const kept = this.#jobs.get(reportId);
    if (kept === undefined) return unknown(reportId);
    kept.stop.abort();
    return ok(undefined);
  }

  /** One that is ready. Errors: `report.unknown`. */
  ready(reportId: string): Result<FetchableReport & { readonly isChosen: boolean }> {
    const kept = this.#jobs.get(reportId);
    if (kept?.job.state !== 'ready') return unknown(reportId);
    const { job, path, mediaType } = kept;
    return ok({ file: path, name: job.name, mediaType, isChosen: job.file !== null });
  }

  /** Forgets one, and stops it. */
  async dismiss(reportId: string): Promise<void> {
    const kept = this.#jobs.get(reportId);
    if (kept === undefined) return;
    this.#jobs.delete(reportId);
    kept.stop.abort();
    await kept.done;
    if (kept.job.file === null) await rm(kept.path, { force: true });
    this.#tell();
  }

  /** Stops all, and takes away what nobody fetched. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all([...this.#jobs.keys()].map((reportId) => this.dismiss(reportId)));
  }

  #finish(reportId: string, written: Result<WrittenReport>): void {
    const kept = this.#jobs.get(reportId);
    if (kept === undefined) return;
    const { job } = kept;
    if (written.ok) kept.job = { ...job, state: 'ready', ...written.value, total: written.value.rows };
    else if (written.error.code === 'report.interrupted' || kept.stop.signal.aborted)
      kept.job = { ...job, state: 'cancelled' };
    else kept.job = { ...job, state: 'failed', fault: written.error };
    this.#tell();
  }

  /** Tells how far a report is, again and again while it is written. */
  #watch(reportId: string, source: JobSource): void {
    this.#tools.startTimer(progressMs, () => {
      const kept = this.#jobs.get(reportId);
      if (kept?.job.state !== 'writing') return;
      const rows = source.progress?.rowsRead ?? 0;
      if (rows !== kept.job.rows) {
        kept.job = { ...kept.job, rows };
        this.#tell();
      }
      this.#watch(reportId, source);
    });
  }

  #tell(): void {
    const { list } = this;
    for (const listener of this.#listeners) listener(list);
  }

  /** Makes the folder, and takes away what consoles left that did not end well. */
  async #prepareFolder(): Promise<Result<void>> {
    const { folder, clock } = this.#tools;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        if ((await stat(path)).mtimeMs < clock() - staleMs) await rm(path, { force: true });
      }
      return ok(undefined);
    } catch (thrown) {
      return unwritable(folder, thrown);
    }
  }
}

const unknown = (reportId: string): Result<never> => fail('report.unknown', `There is no report ${reportId} any more`);
