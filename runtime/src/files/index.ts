export { lockFolder, type FolderLock } from './folder-lock.ts';
export { isDiskFull } from './is-disk-full.ts';
export { readLines, splitLines, type RawLine } from './lines.ts';
