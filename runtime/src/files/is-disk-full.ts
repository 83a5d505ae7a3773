import { hasCode } from './has-code.ts';

/** Whether what a file system threw says that a disk, or somebody's share of it, is full. */
export const isDiskFull = (thrown: unknown): boolean => hasCode(thrown, 'ENOSPC') || hasCode(thrown, 'EDQUOT');
