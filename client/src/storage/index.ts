export { openStorage, type StorageOptions } from './open-storage.ts';
export type {
  ConsoleBook,
  Digests,
  InventoryReader,
  InventoryWriter,
  PreferenceStore,
  ReadNode,
  RunChanges,
  RunReader,
  RunWriter,
  SignOfLife,
  Storage,
  StoredAnswer,
} from './storage.ts';
