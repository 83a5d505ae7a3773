import type { Engine } from '@muster/client/engine';
import type { ResultRow, RunSummary } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';

const sliceSize = 500;
const wholeId = /^[0-9a-f]{32}$/;
const idStart = /^[0-9a-f]{4,31}$/;

async function newestOwn({ runs, configuration }: Engine): Promise<Result<RunSummary>> {
  for (let offset = 0; ; offset += sliceSize) {
    const listed = await runs.list({ search: '', offset, limit: sliceSize });
    if (!listed.ok) return listed;
    const own = listed.value.runs.find(({ person }) => person === configuration.person);
    if (own !== undefined) return ok(own);
    if (listed.value.runs.length < sliceSize) return fail('run.unknown', 'There are no runs yet');
  }
}

async function startingWith({ runs }: Engine, start: string): Promise<Result<readonly RunSummary[]>> {
  const found: RunSummary[] = [];
  for (let offset = 0; ; offset += sliceSize) {
    // The search also looks elsewhere.
    const listed = await runs.list({ search: start, offset, limit: sliceSize });
    if (!listed.ok) return listed;
    found.push(...listed.value.runs.filter(({ runId }) => runId.startsWith(start)));
    if (listed.value.runs.length < sliceSize) return ok(found);
  }
}

/**
 * The run that a person means: by its id, the first digits of it (4 at least, when no other begins so), or `last` for the newest of this person.
 *
 * Errors: `run.unknown`; `usage.invalid` when several begin so.
 */
export async function findRun(engine: Engine, meant: string): Promise<Result<RunSummary>> {
  if (meant === 'last') return newestOwn(engine);
  const id = meant.toLowerCase();
  if (wholeId.test(id)) return engine.runs.get(id);
  if (!idStart.test(id)) {
    return fail('run.unknown', `There is no run ${meant}`, {
      mend: 'An id has 32 hexadecimal digits, of which the first 4 may do; `last` is the newest run. See muster runs list.',
    });
  }
  const found = await startingWith(engine, id);
  if (!found.ok) return found;
  const [run, ...others] = found.value;
  if (run === undefined) return fail('run.unknown', `There is no run ${meant}`, { mend: 'See muster runs list.' });
  if (others.length === 0) return ok(run);
  return fail('usage.invalid', `${found.value.length} runs begin with ${meant}`, {
    mend: `They are: ${found.value
      .slice(0, 5)
      .map(({ runId, agent, action }) => `${runId} (${agent} ${action})`)
      .join(', ')}${found.value.length > 5 ? ', …' : ''}. Give more digits.`,
  });
}

/** Every node of a run with what became of it, by name. */
export async function allRows({ runs }: Engine, runId: string): Promise<Result<readonly ResultRow[]>> {
  const rows: ResultRow[] = [];
  const sort = { by: '@identity', descending: false };
  for (let offset = 0; ; offset += sliceSize) {
    const slice = await runs.results({ runId, states: [], search: '', sort, offset, limit: sliceSize });
    if (!slice.ok) return slice;
    rows.push(...slice.value.rows);
    if (slice.value.rows.length < sliceSize) return ok(rows);
  }
}

/** The action as it was described when the run started; of older runs as the fleet has it now. */
export async function knownAction(engine: Engine, run: RunSummary): Promise<ActionDefinition | undefined> {
  const then = await engine.runs.action(run.runId);
  if (then.ok && then.value !== null) return then.value.action;
  const agents = await engine.inventory.agents();
  if (!agents.ok) return undefined;
  const ddl = agents.value.find((agent) => agent.ddl.name === run.agent)?.ddl;
  return ddl?.actions.find((action) => action.name === run.action);
}
