export { processNumbers, withDescendants } from './descendants.ts';
export { isAlive, processMark, type ProcessMark } from './process-mark.ts';
export { parseProcStat, type ProcStat } from './proc-stat.ts';
