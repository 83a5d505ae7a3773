export { openStorage, type StorageOptions } from './open-storage.ts';
export type {
  AnnouncedRecipient,
  Digests,
  FactHistory,
  HealthReader,
  InventoryReader,
  InventoryWriter,
  NodeSet,
  ReadNode,
  RecipientStore,
  SignedAnswer,
  SignOfLife,
} from './stores/fleet.ts';
export type {
  ClaimedNotification,
  NoticeStore,
  NotificationBook,
  NotificationStore,
  QueuedNotification,
  Trouble,
} from './stores/notices.ts';
export type {
  ClaimedRunall,
  PuppetNews,
  PuppetStore,
  RunallChanges,
  RunallStore,
  RunallWish,
  StoredRunallNode,
} from './stores/puppet.ts';
export type { EvidenceReader, FleetReportReader, KeptMessage, ProvenRow, RunReportReader } from './stores/reports.ts';
export type {
  ClaimedRun,
  ComparisonReader,
  NodeDelivery,
  RunArchive,
  RunChanges,
  RunHistory,
  RunKeeper,
  RunNews,
  RunProgress,
  RunReader,
  RunWish,
  RunWriter,
  SignedMessage,
  StoredAnswer,
  StoredRunNode,
  StoredRunOrder,
  WantedOfRun,
} from './stores/runs.ts';
export type { OccurrenceEnd, ScheduleStore, StoredSchedule, TakenOccurrence } from './stores/schedules.ts';
export type { ExpandedGroups, PreferenceStore, RecipeStore, SelectionStore } from './stores/selections.ts';
export type { ConsoleBook, Storage } from './storage.ts';
