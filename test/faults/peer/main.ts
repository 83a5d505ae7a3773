import { parseArgs } from 'node:util';
import { stopRequested } from '@muster/build/command';
import { compareRestart } from './compare.ts';

const usage = `npm run bench:restart -- [--nodes 20] [--requests 15] [--interval 1000] [--down 5000] [--seed 1]

The same load on real MCollective and on Muster, one after the other, while the broker is restarted once: --requests
commands end before it, more begin while it is away, and as many when it is back. Tells how it goes on
STDERR, and prints one JSON document on STDOUT at the end. Times are milliseconds.
`;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20' },
    requests: { type: 'string', default: '15' },
    interval: { type: 'string', default: '1000' },
    down: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stderr.write(usage);
else {
  const comparison = await compareRestart({
    nodes: Number(values.nodes),
    requests: Number(values.requests),
    intervalMs: Number(values.interval),
    downMs: Number(values.down),
    seed: Number(values.seed),
    signal: stopRequested().signal,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
}
