export { lockFirstFree, lockFolder, type FolderLock, type NumberedLock } from './folder-lock.ts';
export { hasCode } from './has-code.ts';
export { isDiskFull } from './is-disk-full.ts';
export { isThere } from './is-there.ts';
export { readLines, splitLines, type RawLine } from './lines.ts';
