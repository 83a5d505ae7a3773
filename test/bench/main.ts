import { parseArgs } from 'node:util';
import { filterBench } from './filter-bench.ts';
import { joinBench } from './join-bench.ts';
import { queueBench } from './queue-bench.ts';
import { uiBench } from './ui/ui-bench.ts';

const usage = `Usage: npm run bench -- filter [--nodes 50000] [--facts 300] [--seeds 1,2] [--runs 100]
       npm run bench -- queues [--queues 500] [--rounds 5]
       npm run bench -- ui [--nodes 50000] [--rate 10000] [--rounds 5]
       npm run bench -- joins [--joins 300] [--at-once 20]

Tells how it goes on STDERR, and prints one JSON document on STDOUT at the end. Times are milliseconds.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '50000' },
    facts: { type: 'string', default: '300' },
    seeds: { type: 'string', default: '1,2' },
    runs: { type: 'string', default: '100' },
    queues: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '10000' },
    joins: { type: 'string', default: '300' },
    'at-once': { type: 'string', default: '20' },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const benchmarks: Readonly<Record<string, () => Promise<unknown>>> = {
  filter: () =>
    filterBench({
      nodes: Number(values.nodes),
      facts: Number(values.facts),
      seeds: values.seeds.split(',').map(Number),
      runs: Number(values.runs),
      say,
    }),
  joins: () => joinBench({ joins: Number(values.joins), atOnce: Number(values['at-once']), say }),
  queues: () => queueBench({ queues: Number(values.queues), rounds: Number(values.rounds), say }),
  ui: () =>
    uiBench({
      nodes: Number(values.nodes),
      perSecond: Number(values.rate),
      rounds: Number(values.rounds),
      say,
    }),
};
const [name = ''] = positionals;
const bench = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (bench === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  process.stdout.write(`${JSON.stringify(await bench(), null, 2)}\n`);
}
