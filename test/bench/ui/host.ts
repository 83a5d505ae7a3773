import { randomBytes } from 'node:crypto';
import { createWindowBridge } from '../../../client/src/window/index.ts';
import { ok, unwrap } from '@muster/protocol/errors';
import { createVerifier } from '@muster/runtime/crypto';
import { startBrowserHost } from '../../../electron/src/browser-host/browser-host.ts';
import { ReportTickets } from '../../../electron/src/browser-host/report-tickets.ts';
import { readWindowFiles } from '../../../electron/src/window-files/index.ts';
import { createEngineBench, startTimer } from '../../support/client/engine-bench.ts';
import { openGuard } from '../../support/client/open-guard.ts';
import { believingNames } from './named-keys.ts';
import { startOneQueueFleet } from './one-queue-fleet.ts';

/*
 * The console of the bench, as a process of its own: `host.ts NODES PER_SECOND`. The engine, its database, the bridge and the browser host
 * are the product's; the broker is in memory and nobody signs. Obeys messages of its parent: `link` gives a new link, `run` starts a run on
 * all nodes and gives its id, `end` ends.
 */

/** What the parent asks. */
export type HostOrder = 'link' | 'run' | 'end';

const [nodes = 1, perSecond = 1] = process.argv.slice(2).map(Number);
const bench = await createEngineBench();
const verifier = believingNames(createVerifier({ caPem: bench.authority.certificatePem }));
await startOneQueueFleet({ nodes, perSecond, bus: bench.nodeBus, verifier });
const engine = await bench.open({ verifier: () => verifier, discoveryTimeoutMs: 5000 + (2000 * nodes) / perSecond });
const read = unwrap(await engine.inventory.refresh());
const guard = await openGuard(() => Promise.resolve(ok(engine)));
const reports = new ReportTickets(randomBytes, startTimer);
const dispatcher = createWindowBridge(guard, {
  startTimer,
  reports,
  onDefect: (name, thrown) => process.stderr.write(`${name}: ${String(thrown)}\n`),
});
const host = unwrap(
  await startBrowserHost({ dispatcher, files: unwrap(await readWindowFiles()), reports, randomBytes, startTimer }),
);

async function startRun(): Promise<string> {
  const started = await engine.runs.start({
    agent: 'package',
    action: 'status',
    inputs: { package: 'openssl' },
    target: { kind: 'filter', filter: '' },
    timeoutMs: 300_000,
  });
  return unwrap(started).runId;
}

const tell = (told: unknown): void => void process.send?.(told);

process.on('message', (order: HostOrder) => {
  if (order === 'link') tell(host.issueLink());
  else if (order === 'run') void startRun().then(tell);
  else void end();
});

async function end(): Promise<void> {
  await host.close();
  dispatcher.close();
  await bench.close();
  process.disconnect();
}

tell(read.nodes);
