export { markProcess, processIsRunning, stopProcess, type ProcessMark } from './process-mark.ts';
export { claimProcesses, type ProcessBook } from './process-book.ts';
