import { openEngine } from '@muster/client/engine';
import { unwrap } from '@muster/protocol/errors';

/*
 * A console that starts one run and lives until it is over: `run-starter.ts HOME AGENT ACTION NAME NODE…`. It prints the id of the run, and
 * then the number of answers whenever one is stored.
 */

const [home = '', agent = '', action = '', name = '', ...identities] = process.argv.slice(2);
const engine = unwrap(await openEngine({ home, followFleet: false }));
unwrap(await engine.connection.waitUntilUp(60_000));
const run = unwrap(
  await engine.runs.start({
    agent,
    action,
    inputs: { name },
    target: { kind: 'nodes', identities },
    watch: { onChange: ({ responses }) => process.stdout.write(`${responses}\n`) },
  }),
);
process.stdout.write(`${run.runId}\n`);
await run.finished;
await engine.close();
