import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { collectivePattern, defaultCollective } from '@muster/protocol/identity';
import { stopRequested } from '../command/index.ts';
import { startFleet, type FleetOptions } from './fleet.ts';

const usage = `npm run fleet -- --nodes N [--mode processes|emulated] [--seed S] [--collectives A,B] [--home DIR]

Starts a private broker and N agents with made-up facts. Prints one JSON line when all are connected and stays until
SIGTERM or Ctrl-C. Then: MUSTER_HOME=DIR npx muster find
`;

const options = {
  nodes: { type: 'string', default: '5' },
  mode: { type: 'string', default: 'processes' },
  seed: { type: 'string', default: '1' },
  collectives: { type: 'string', default: defaultCollective },
  home: { type: 'string', default: '.muster-fleet' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** The options, or what to tell whoever gave them. */
function readOptions(args: readonly string[]): FleetOptions | { complaint: string } {
  try {
    const { values } = parseArgs({ args: [...args], options });
    const nodes = Number(values.nodes);
    const seed = Number(values.seed);
    const { mode } = values;
    const collectives = values.collectives.split(',');
    if (values.help) return { complaint: '' };
    if (!Number.isInteger(nodes) || nodes < 1 || nodes > 10_000)
      return { complaint: '--nodes takes a number from 1 to 10000' };
    if (!Number.isInteger(seed)) return { complaint: '--seed takes a whole number' };
    if (mode !== 'processes' && mode !== 'emulated') return { complaint: '--mode takes processes or emulated' };
    if (!collectives.every((name) => collectivePattern.test(name)))
      return { complaint: '--collectives takes names with commas between' };
    return { home: resolve(values.home), nodes, mode, seed, collectives };
  } catch (error) {
    return { complaint: error instanceof Error ? error.message : String(error) };
  }
}

async function main(): Promise<number> {
  const wanted = readOptions(process.argv.slice(2));
  if ('complaint' in wanted) {
    process.stderr.write(wanted.complaint === '' ? usage : `${wanted.complaint}\n\n${usage}`);
    return wanted.complaint === '' ? 0 : 2;
  }
  const stop = stopRequested();
  const fleet = await startFleet({ ...wanted, signal: stop.signal });
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
