export { parseProcStat, type ProcStat } from './proc-stat.ts';
