import { parseArgs } from 'node:util';
import { filterBench } from './filter-bench.ts';

const usage = `Usage: npm run bench -- filter [--nodes 50000] [--facts 300] [--seeds 1,2] [--runs 100]

Tells how it goes on STDERR, and prints one JSON document on STDOUT at the end. Times are milliseconds.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '50000' },
    facts: { type: 'string', default: '300' },
    seeds: { type: 'string', default: '1,2' },
    runs: { type: 'string', default: '100' },
  },
});

const benchmarks = { filter: filterBench } as const;
const [name = ''] = positionals;
if (name !== 'filter') {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const figures = await benchmarks[name]({
    nodes: Number(values.nodes),
    facts: Number(values.facts),
    seeds: values.seeds.split(',').map(Number),
    runs: Number(values.runs),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
}
