import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCollective } from '@muster/protocol/identity';
import { stopRequested } from '../command/index.ts';
import { startFleet } from '../fleet/index.ts';
import { openConsole } from './open-console.ts';
import { runMuster } from './run-muster.ts';

const usage = `npm run demo [-- --nodes N] [--seed S]

Starts a private broker and N agents (5 unless said) with made-up facts, pings them, and opens the console on them.
Runs until Ctrl-C and leaves nothing behind but what you have the agents do: they are real, and this machine is theirs.
`;
const say = (line: string) => process.stdout.write(`${line}\n`);

async function demonstrate(home: string, options: { nodes: number; seed: number }): Promise<number> {
  const stop = stopRequested();
  say(`Starting a broker and ${options.nodes} agents …`);
  const collectives = [defaultCollective];
  const fleet = await startFleet({ home, ...options, mode: 'processes', collectives, signal: stop.signal });
  if (!fleet.ok) {
    process.stderr.write(`${fleet.error.message}\n${fleet.error.mend ?? ''}\n`);
    return 1;
  }
  try {
    say('\n$ muster rpc rpcutil ping');
    const pinged = await runMuster(home, ['rpc', 'rpcutil', 'ping', '--no-progress'], stop.signal);
    const console = await openConsole(home, process.env, say);
    say(`\nIn another terminal: MUSTER_HOME="${home}" npx muster find`);
    say('The agents are real: a package that you install on them is installed on this machine.');
    say('Ctrl-C ends the demo.');
    await stop.requested;
    await console.close();
    return pinged;
  } finally {
    await fleet.value.stop();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    say(usage);
    return 0;
  }
  const [nodes, seed] = [Number(values.nodes), Number(values.seed)];
  if (!Number.isInteger(nodes) || nodes < 1 || !Number.isInteger(seed)) {
    process.stderr.write(usage);
    return 2;
  }
  const home = await mkdtemp(join(tmpdir(), 'muster-demo-'));
  try {
    return await demonstrate(home, { nodes, seed });
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
