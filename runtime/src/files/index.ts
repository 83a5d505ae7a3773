export { lockFirstFree, lockFolder, type FolderLock, type NumberedLock } from './folder-lock.ts';
export { hasCode } from './has-code.ts';
export { isDiskFull } from './is-disk-full.ts';
export { isThere } from './is-there.ts';
export { replaceFile } from './replace-file.ts';
export { readLines, splitLines, type RawLine } from './lines.ts';
