import { readFileSync } from 'node:fs';
import { parseProcStat } from '@muster/runtime/processes';

/** How long one input may take, in seconds: of the processor, which a busy machine does not stretch, and by the clock. */
export interface HangLimits {
  readonly cpuSeconds: number;
  readonly seconds: number;
}

export const usualHangLimits: HangLimits = { cpuSeconds: 2, seconds: 60 };

/** Of Linux: what /proc counts in. */
const ticksPerSecond = 100;

/** Processor time of a process in seconds, as user and in the kernel; undefined once it is gone. */
function cpuSecondsOf(pid: number): number | undefined {
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return stat && (stat.field(14) + stat.field(15)) / ticksPerSecond;
  } catch {
    return undefined;
  }
}

/** Notices that a process goes on and on over one input. */
export class HangWatch {
  readonly #pid: number;
  readonly #limits: HangLimits;
  #since = { number: 0, atMs: 0, cpuSeconds: 0 };

  constructor(pid: number, limits: HangLimits = usualHangLimits) {
    this.#pid = pid;
    this.#limits = limits;
  }

  /** Why the input with this number takes too long; undefined when it does not. Inputs are numbered from 1. */
  look(number: number, nowMs: number): string | undefined {
    const cpuSeconds = cpuSecondsOf(this.#pid);
    if (cpuSeconds === undefined) return undefined;
    if (number === 0 || number !== this.#since.number) {
      this.#since = { number, atMs: nowMs, cpuSeconds };
      return undefined;
    }
    const [cpu, clock] = [cpuSeconds - this.#since.cpuSeconds, (nowMs - this.#since.atMs) / 1000];
    if (cpu <= this.#limits.cpuSeconds && clock <= this.#limits.seconds) return undefined;
    return `took ${cpu.toFixed(1)} s of the processor, ${clock.toFixed(1)} s by the clock, and had not ended`;
  }
}
