import { parseArgs } from 'node:util';

export const usage = `npm run test:faults -- [--short | --soak] [--seed N] [--minutes N] [--faults N] [--only TEXT] [--brokers 1|3] [--processes N] [--emulated N]

Breaks a fleet in every way while it works, and holds what the consoles say against what the nodes did. An hour with at least 100
faults, unless told otherwise; --short takes some minutes and breaks each thing once. --soak
breaks nothing: it works the fleet steadily for half an hour, and nothing may grow. Tells how it goes on STDERR; on STDOUT come a
table, the report as one JSON document, and as the last line how many checks passed.
`;

const flags = {
  short: { type: 'boolean', default: false },
  soak: { type: 'boolean', default: false },
  seed: { type: 'string' },
  minutes: { type: 'string' },
  faults: { type: 'string' },
  only: { type: 'string', default: '' },
  brokers: { type: 'string' },
  processes: { type: 'string' },
  emulated: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** How the suite is run. */
export interface Options {
  readonly seed: number;
  readonly minutes: number;
  readonly faults: number;
  readonly only: string;
  readonly brokers: 1 | 3;
  readonly processes: number;
  readonly emulated: number;
  readonly isShort: boolean;
  readonly isSoak: boolean;
}

const long = { minutes: 60, faults: 120, processes: 200, emulated: 100 };
const soak = { minutes: 30, faults: 0, processes: 8, emulated: 100 };
const short = { minutes: 1, faults: 1, processes: 10, emulated: 30 };

const number = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));

/** The options; null when they cannot be read or help is wanted. A seed that is not given is drawn, and told in the report. */
export function readOptions(args: readonly string[], drawnSeed: number): Options | null {
  try {
    const { values } = parseArgs({ args: [...args], options: flags });
    if (values.help) return null;
    const usual = values.soak ? soak : values.short ? short : long;
    const options = {
      seed: number(values.seed, drawnSeed),
      minutes: number(values.minutes, usual.minutes),
      faults: number(values.faults, usual.faults),
      brokers: number(values.brokers, 1) === 3 ? (3 as const) : (1 as const),
      processes: number(values.processes, usual.processes),
      emulated: number(values.emulated, usual.emulated),
      only: values.only,
      isShort: values.short,
      isSoak: values.soak,
    };
    const { seed, minutes, faults, processes, emulated } = options;
    const isSound = [seed, faults, processes, emulated].every(Number.isInteger) && minutes > 0 && processes >= 4;
    return isSound ? options : null;
  } catch {
    return null;
  }
}

/** The command that runs the same again. */
export const commandOf = ({
  seed,
  minutes,
  faults,
  only,
  brokers,
  processes,
  emulated,
  isShort,
  isSoak,
}: Options): string =>
  [
    `npm run test:faults --${isShort ? ' --short' : ''}${isSoak ? ' --soak' : ''} --seed ${seed} --minutes ${minutes} --faults ${faults}`,
    `--brokers ${brokers} --processes ${processes} --emulated ${emulated}${only === '' ? '' : ` --only '${only}'`}`,
  ].join(' ');
