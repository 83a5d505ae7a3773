import { isFactMap, type Facts, type FactValue } from './value.ts';

const usage = ['available', 'available_bytes', 'capacity', 'used', 'used_bytes'];

/** Paths of facts that differ whenever one looks; `*` is any one step. */
const passing: readonly (readonly string[])[] = [
  ['system_uptime'],
  ['load_averages'],
  ['uptime'],
  ['uptime_seconds'],
  ['uptime_hours'],
  ['uptime_days'],
  ['processors', 'speed'],
  ...usage.flatMap((name) => [
    ['memory', '*', name],
    ['mountpoints', '*', name],
  ]),
];

const keys = (value: Facts, step: string): readonly string[] => (step === '*' ? Object.keys(value) : [step]);

function without(value: FactValue, path: readonly string[]): FactValue {
  const [step, ...rest] = path;
  if (step === undefined || !isFactMap(value)) return value;
  const dropped = new Set(keys(value, step));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (!dropped.has(name)) return [[name, member]];
      return rest.length === 0 ? [] : [[name, without(member, rest)]];
    }),
  );
}

/** The facts without those that differ whenever one looks, such as uptime and free memory: what a digest of facts is made of. */
export const stableFacts = (facts: Facts): FactValue => passing.reduce<FactValue>(without, facts);
