import { readFile } from 'node:fs/promises';
import { parseProcStat, processNumbers } from '@muster/runtime/processes';

/** A process as the kernel tells of it. */
export interface ProcessRecord {
  readonly pid: number;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  readonly uid: number;
  readonly gid: number;
  /** One letter as of proc(5): `R`, `S`, `D`, `Z`, … */
  readonly state: string;
  /** Name of the program, at most 15 characters. */
  readonly comm: string;
  /** The command with its arguments; the name in brackets where a process has none. */
  readonly cmdline: string;
  /** Bytes of address space. */
  readonly vsize: number;
  /** Resident bytes. */
  readonly rss: number;
  readonly nice: number;
  readonly threads: number;
  /** Number of the terminal; 0 for none. */
  readonly tty_nr: number;
  /** Name of the terminal; `?` for none. */
  readonly tty: string;
  /** Seconds of processor time. */
  readonly cpu_time: number;
  /** Seconds since the epoch. */
  readonly start_time: number;
}

/** Ticks a second in which `/proc` counts; the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Longest command line that is told of, in characters. */
const longestCommandLine = 4096;

const pseudoTerminals = { first: 136, last: 143 };

function ttyName(number: number): string {
  const major = (number >> 8) & 0xfff;
  const minor = (number & 0xff) | ((number >> 12) & 0xfff00);
  if (number === 0) return '?';
  if (major === 4) return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`;
  if (major >= pseudoTerminals.first && major <= pseudoTerminals.last)
    return `pts/${minor + 256 * (major - pseudoTerminals.first)}`;
  return `${major}:${minor}`;
}

/** The lines of `/proc/PID/status`, by name. */
const statusLines = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
  );

const firstNumber = (text = '0'): number => Number(/^\d+/.exec(text)?.[0] ?? 0);

async function readRecord(pid: number, bootSeconds: number): Promise<ProcessRecord | undefined> {
  try {
    const [statText, status, words] = await Promise.all(
      ['stat', 'status', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    );
    const stat = parseProcStat(statText ?? '');
    if (stat === undefined || status === undefined || words === undefined) return undefined;
    const { comm, state, field } = stat;
    const lines = statusLines(status);
    const cmdline = words.replace(/\0+$/, '').replaceAll('\0', ' ');
    return {
      pid,
      ppid: field(4),
      pgrp: field(5),
      session: field(6),
      uid: firstNumber(lines.get('Uid')),
      gid: firstNumber(lines.get('Gid')),
      state,
      comm,
      cmdline: (cmdline === '' ? `[${comm}]` : cmdline).slice(0, longestCommandLine),
      vsize: field(23),
      rss: 1024 * firstNumber(lines.get('VmRSS')),
      nice: field(19),
      threads: field(20),
      tty_nr: field(7),
      tty: ttyName(field(7)),
      cpu_time: (field(14) + field(15)) / ticksPerSecond,
      start_time: Math.floor(bootSeconds + field(22) / ticksPerSecond),
    };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/** When the machine started, in seconds since the epoch. */
async function bootTime(): Promise<number> {
  return Number(/^btime (\d+)$/m.exec(await readFile('/proc/stat', 'utf8'))?.[1] ?? 0);
}

/** All processes of the machine, by number. */
export async function processTable(): Promise<readonly ProcessRecord[]> {
  const bootSeconds = await bootTime();
  const records: ProcessRecord[] = [];
  for (const pid of processNumbers().toSorted((left, right) => left - right)) {
    const record = await readRecord(pid, bootSeconds);
    if (record !== undefined) records.push(record);
  }
  return records;
}
