import { openEngine, type Engine } from '@muster/client/engine';
import type { ResultRow, RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import type { Console } from '../world/console.ts';
import { statesOfEitherKind, type Told } from './judge.ts';

const sliceSize = 500;

async function allRuns(engine: Engine): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  for (;;) {
    const slice = unwrap(await engine.runs.list({ search: '', offset: runs.length, limit: sliceSize }));
    runs.push(...slice.runs);
    if (slice.runs.length < sliceSize) return runs;
  }
}

async function allRows(engine: Engine, runId: string): Promise<readonly ResultRow[]> {
  const rows: ResultRow[] = [];
  const sort = { by: '@identity', descending: false };
  for (;;) {
    const query = { runId, states: [], search: '', sort, offset: rows.length, limit: sliceSize };
    const slice = unwrap(await engine.runs.results(query));
    rows.push(...slice.rows);
    if (slice.rows.length < sliceSize) return rows;
  }
}

/** Asks what a console has kept, by an engine that never connects. */
async function withHistory<T>(console: Console, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = unwrap(await openEngine({ home: console.home, offline: true, followFleet: false }));
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

const isOurs = ({ agent }: RunSummary): boolean => agent === 'ledger';

/** The runs about ledgers that a console has. */
export const runsOf = (console: Console): Promise<readonly RunSummary[]> =>
  withHistory(console, async (engine) => (await allRuns(engine)).filter(isOurs));

/** What a console says of each node of each run. */
export const toldBy = (console: Console): Promise<readonly Told[]> =>
  withHistory(console, async (engine) => {
    const told: Told[] = [];
    for (const { runId } of (await allRuns(engine)).filter(isOurs)) {
      for (const { identity, state, statusMessage } of await allRows(engine, runId)) {
        const isOfEitherKind = statesOfEitherKind.includes(state);
        const detail = isOfEitherKind ? unwrap(await engine.runs.result(runId, identity)) : undefined;
        const startedAtMs = detail?.timings?.startedAtMs ?? null;
        told.push({ runId, console: console.name, identity, state, startedAtMs, statusMessage });
      }
    }
    return told;
  });
