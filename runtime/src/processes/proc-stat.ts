/** What Linux says of a process in `/proc/PID/stat`. */
export interface ProcStat {
  /** Name of the program, at most 15 characters. */
  readonly comm: string;
  /** One letter: `R`, `S`, `D`, `Z`, … */
  readonly state: string;
  /** A field by its number in proc(5), from 4 on: 4 is the parent, 5 the process group, 22 the start in clock ticks. */
  readonly field: (number: number) => number;
}

/** Reads the text of `/proc/PID/stat`; undefined when it is none. The name may hold blanks and brackets, so fields are counted from behind it. */
export function parseProcStat(text: string): ProcStat | undefined {
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state = ''] = fields;
  if (nameEnd < 0 || state === '') return undefined;
  return {
    comm: text.slice(text.indexOf('(') + 1, nameEnd),
    state,
    field: (number) => Number(fields[number - 3]),
  };
}
