import type { Result } from '@muster/protocol/errors';
import type { FactHistory, HealthReader, InventoryReader, InventoryWriter, RecipientStore } from './stores/fleet.ts';
import type { NoticeStore, NotificationStore } from './stores/notices.ts';
import type { PuppetStore, RunallStore } from './stores/puppet.ts';
import type { EvidenceReader, FleetReportReader, RunReportReader } from './stores/reports.ts';
import type { ComparisonReader, RunArchive, RunHistory, RunKeeper, RunReader, RunWriter } from './stores/runs.ts';
import type { ScheduleStore } from './stores/schedules.ts';
import type { PreferenceStore, RecipeStore, SelectionStore } from './stores/selections.ts';

/* What the engine asks of its memory. All calls may fail with `storage.failed`, `storage.corrupt` and `storage.full`. */

/** Which engines are alive on this database, so that others can go on with the runs of dead ones. */
export interface ConsoleBook {
  /** Says that this engine is alive, and closes those runs of others that are not which cannot go on; gives how many runs it closed. */
  beat(consoleId: string, nowMs: number): Promise<Result<number>>;
  forgetConsole(consoleId: string): Promise<Result<void>>;
}

export interface Storage
  extends
    RunWriter,
    RunReader,
    RunHistory,
    ComparisonReader,
    RunArchive,
    EvidenceReader,
    RunReportReader,
    FleetReportReader,
    RunKeeper,
    ConsoleBook,
    InventoryWriter,
    InventoryReader,
    HealthReader,
    FactHistory,
    RecipientStore,
    NoticeStore,
    NotificationStore,
    PreferenceStore,
    SelectionStore,
    RecipeStore,
    ScheduleStore,
    PuppetStore,
    RunallStore {
  /** Finishes what was asked, then closes the file. */
  close(): Promise<void>;
}
