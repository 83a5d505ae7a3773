import type { SoakReport } from './soak.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en').padStart(14);

/** What grew and what did not, for a person. */
export function readableSoak({ minutes, runs, samples, warmUp, trends, nodes, command }: SoakReport): string {
  return [
    `${minutes} minutes, ${runs} runs on ${nodes.processes} agents in processes of their own and ${nodes.emulated} emulated ones`,
    `${samples} samples, the first ${warmUp} left out; growth is of a straight line through the rest`,
    `${'mean'.padStart(14)}${'growth'.padStart(14)}${'allowed'.padStart(14)}`,
    ...Object.entries(trends).map(
      ([name, { mean, growth, allowed, isFlat }]) =>
        `${whole(mean)}${whole(growth)}${whole(allowed)}  ${name}${isFlat ? '' : ' GROWS'}`,
    ),
    `again: ${command}`,
    '',
  ].join('\n');
}
