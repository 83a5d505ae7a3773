export { lockFirstFree, lockFolder, type FolderLock, type NumberedLock } from './folder-lock.ts';
export { isDiskFull } from './is-disk-full.ts';
export { readLines, splitLines, type RawLine } from './lines.ts';
