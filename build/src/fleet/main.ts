import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCollective } from '@muster/protocol/identity';
import { stopRequested } from '../command/index.ts';
import { startFleet, type FleetOptions } from './fleet.ts';

const usage = `npm run fleet -- --nodes N [--mode processes|emulated] [--seed S] [--collectives A,B] [--home DIR]

Starts a private broker and N agents with made-up facts. Prints one JSON line when all are connected and stays until
SIGTERM or Ctrl-C. Then: MUSTER_HOME=DIR npx muster find
`;

function readOptions(args: readonly string[]): FleetOptions | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nodes: { type: 'string', default: '5' },
      mode: { type: 'string', default: 'processes' },
      seed: { type: 'string', default: '1' },
      collectives: { type: 'string', default: defaultCollective },
      home: { type: 'string', default: '.muster-fleet' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return usage;
  const nodes = Number(values.nodes);
  const seed = Number(values.seed);
  const { mode } = values;
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 10_000) return `--nodes takes a number from 1 to 10000\n`;
  if (!Number.isInteger(seed)) return `--seed takes a whole number\n`;
  if (mode !== 'processes' && mode !== 'emulated') return `--mode takes processes or emulated\n`;
  return { home: resolve(values.home), nodes, mode, seed, collectives: values.collectives.split(',') };
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stderr.write(options);
    return options === usage ? 0 : 2;
  }
  const stop = stopRequested();
  const fleet = await startFleet({ ...options, signal: stop.signal });
  if (!fleet.ok) {
    process.stderr.write(`${fleet.error.message}\n${fleet.error.mend ?? ''}\n`);
    return 1;
  }
  process.stdout.write(`${JSON.stringify(fleet.value.ready)}\n`);
  await stop.requested;
  await fleet.value.stop();
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
