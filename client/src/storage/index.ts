export { openStorage, type StorageOptions } from './open-storage.ts';
export type {
  ConsoleBook,
  Digests,
  ExpandedGroups,
  InventoryReader,
  InventoryWriter,
  NodeSet,
  PreferenceStore,
  ReadNode,
  RunChanges,
  RunReader,
  RunWriter,
  SelectionStore,
  SignOfLife,
  Storage,
  StoredAnswer,
} from './storage.ts';
