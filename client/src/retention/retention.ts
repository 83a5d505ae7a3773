import type { EndpointParams, EndpointResult } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ReadOnly } from '../guard/read-only.ts';
import type { RunArchive } from '../storage/index.ts';
import { archiveSize } from './archive-size.ts';
import type { HistorySettings } from './settings.ts';

const dayMs = 86_400_000;

/** How long runs stay here, as it is set now. */
export interface Retention {
  readonly settings: HistorySettings;
  /** Reads again what the file says, which another console or a person may have changed; what cannot be read changes nothing. */
  refresh(): Promise<void>;
  /** What is set, and how much there is. Errors: `storage.*`, `file.unreadable`. */
  look(): Promise<Result<EndpointResult<'console.retention'>>>;
  /** How many runs would go to the archive at once, were it set so. Errors: `storage.*`. */
  preview(
    params: EndpointParams<'console.previewRetention'>,
  ): Promise<Result<EndpointResult<'console.previewRetention'>>>;
  /**
   * Writes it into `console.yaml`; it holds from then on, and what is older goes to the archive at once. Errors: `console.read_only`, `config.*`,
   * `file.unwritable`.
   */
  change(params: EndpointParams<'console.changeRetention'>): Promise<Result<void>>;
}

const daysOf = (keepMs: number | null): number | null => (keepMs === null ? null : Math.round(keepMs / dayMs));

export function createRetention(options: {
  readonly person: string;
  readonly settings: HistorySettings;
  readonly storage: RunArchive;
  readonly audit: Pick<ConsoleAudit, 'note'>;
  readonly readOnly: ReadOnly;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Reads the section from the file. */
  readonly read: () => Promise<Result<HistorySettings>>;
  /** Writes it there. */
  readonly write: (params: EndpointParams<'console.changeRetention'>) => Promise<Result<void>>;
  /** Moves what is older than the settings say. */
  readonly retire: () => void;
}): Retention {
  const { person, storage, audit, readOnly, clock, logger, read, write, retire } = options;
  let settings = options.settings;

  return {
    get settings() {
      return settings;
    },
    async refresh() {
      const now = await read();
      if (now.ok) settings = now.value;
      else logger.warn({ code: now.error.code }, `how long runs stay is as before: ${now.error.message}`);
    },
    async look() {
      const figures = await storage.runFigures();
      if (!figures.ok) return figures;
      const { keepMs, evidence, archive } = settings;
      const archived = await archiveSize(archive);
      if (!archived.ok) return archived;
      const { runs, oldestMs, bytes } = figures.value;
      return ok({
        ...{ keepDays: daysOf(keepMs), evidence, archive, runs, oldestMs, databaseBytes: bytes },
        archivedRuns: archived.value.runs,
        archiveBytes: archived.value.bytes,
      });
    },
    async preview({ keepDays }) {
      if (keepDays === null) return ok({ runs: 0 });
      const nowMs = clock();
      const found = await storage.countArchivable(nowMs - keepDays * dayMs, nowMs);
      return found.ok ? ok({ runs: found.value }) : found;
    },
    async change(params) {
      if (readOnly.isOn)
        return fail('console.read_only', 'How long runs stay cannot be changed here: this console only reads');
      const written = await write(params);
      if (!written.ok) return written;
      const { keepDays, evidence } = params;
      settings = { ...settings, keepMs: keepDays === null ? null : keepDays * dayMs, evidence };
      await audit.note('retention', { caller: callerOf(person), keepDays, evidence });
      retire();
      return ok(undefined);
    },
  };
}
