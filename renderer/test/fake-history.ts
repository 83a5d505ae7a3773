import {
  comparisonKinds,
  type ComparedNode,
  type ComparedSide,
  type EndpointParams,
  type EndpointResult,
  type ListedRun,
  type ResultDetail,
  type RunMarks,
  type RunPin,
} from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { FakeRun } from './fake-runs.ts';

type Query = EndpointParams<'runs.list'>;

const sideOf = (row: ResultDetail | undefined): ComparedSide | null =>
  row === undefined
    ? null
    : { state: row.state, statusCode: row.statusCode, statusMessage: row.statusMessage, data: row.data };

function compareNode(identity: string, before: ComparedSide | null, after: ComparedSide | null): ComparedNode {
  if (before === null || after === null)
    return { identity, kind: before === null ? 'only_after' : 'only_before', fields: [], before, after };
  const names = [...new Set([...Object.keys(before.data), ...Object.keys(after.data)])].sort();
  const fields = names.filter((name) => JSON.stringify(before.data[name]) !== JSON.stringify(after.data[name]));
  const kind = before.state !== after.state ? 'state' : fields.length > 0 ? 'changed' : 'same';
  return { identity, kind, fields, before, after };
}

/** The history of a fake engine's runs, and what a person has put on them. */
export class FakeHistory {
  readonly #runs: () => readonly FakeRun[];
  readonly #nowMs: () => number;
  readonly #pins = new Map<string, RunPin>();
  readonly #notes = new Map<string, RunMarks['notes']>();
  readonly #removed = new Set<string>();
  #lastNote = 0;

  constructor(runs: () => readonly FakeRun[], nowMs: () => number) {
    this.#runs = runs;
    this.#nowMs = nowMs;
  }

  list(query: Query): Result<EndpointResult<'runs.list'>> {
    const found = this.#listed().filter((run) => this.#isWanted(run, query));
    return ok({ total: found.length, runs: found.slice(query.offset, query.offset + query.limit) });
  }

  choices(): Result<EndpointResult<'runs.choices'>> {
    const count = <T>(values: readonly T[], key: (value: T) => string) =>
      [...Map.groupBy(values, key).values()].map((group) => ({ first: group[0], runs: group.length }));
    const all = this.#listed();
    return ok({
      actions: count(all, ({ agent, action }) => `${agent} ${action}`).flatMap(({ first, runs }) =>
        first === undefined ? [] : [{ agent: first.agent, action: first.action, runs }],
      ),
      people: count(all, ({ person }) => person).flatMap(({ first, runs }) =>
        first === undefined ? [] : [{ person: first.person, runs }],
      ),
      keepMs: null,
    });
  }

  marks(runId: string): Result<RunMarks> {
    if (this.#listed().every((run) => run.runId !== runId)) return fail('run.unknown', `There is no run ${runId}`);
    return ok({ pin: this.#pins.get(runId) ?? null, notes: this.#notes.get(runId) ?? [] });
  }

  annotate(runId: string, text: string): Result<RunMarks> {
    const note = { noteId: ++this.#lastNote, person: 'alice', text, atMs: this.#nowMs() };
    this.#notes.set(runId, [...(this.#notes.get(runId) ?? []), note]);
    return this.marks(runId);
  }

  removeNote(runId: string, noteId: number): Result<RunMarks> {
    this.#notes.set(
      runId,
      (this.#notes.get(runId) ?? []).filter((note) => note.noteId !== noteId),
    );
    return this.marks(runId);
  }

  pin(runIds: readonly string[], isPinned: boolean): Result<Record<string, never>> {
    for (const runId of runIds)
      if (isPinned) this.#pins.set(runId, { person: 'alice', atMs: this.#nowMs() });
      else this.#pins.delete(runId);
    return ok({});
  }

  remove(runIds: readonly string[]): Result<EndpointResult<'runs.remove'>> {
    const kept = runIds
      .filter((runId) => this.#pins.has(runId))
      .map((runId) => ({ runId, code: 'run.pinned' as const }));
    const removed = runIds.filter((runId) => !this.#pins.has(runId));
    for (const runId of removed) this.#removed.add(runId);
    return ok({ removed: [...removed], kept });
  }

  restore(runIds: readonly string[]): Result<EndpointResult<'runs.restore'>> {
    return ok({ restored: runIds.filter((runId) => this.#removed.delete(runId)) });
  }

  compare({ before, after, ignore }: EndpointParams<'comparisons.get'>): Result<EndpointResult<'comparisons.get'>> {
    const nodes = this.#compared(before, after, ignore);
    const [one, other] = [this.#find(before), this.#find(after)];
    if (!nodes.ok) return nodes;
    if (!one.ok) return one;
    if (!other.ok) return other;
    const count = (kind: string) => nodes.value.filter((node) => node.kind === kind).length;
    const differing = Map.groupBy(
      nodes.value.flatMap(({ fields }) => fields),
      (field) => field,
    );
    return ok({
      before: one.value.summary,
      after: other.value.summary,
      nodes: nodes.value.length,
      // Made of all kinds, which the compiler does not see.
      kinds: Object.fromEntries(
        comparisonKinds.map((kind) => [kind, count(kind)]),
      ) as EndpointResult<'comparisons.get'>['kinds'],
      fields: [...differing].map(([field, all]) => ({ field, nodes: all.length })),
    });
  }

  comparedNodes(params: EndpointParams<'comparisons.nodes'>): Result<EndpointResult<'comparisons.nodes'>> {
    const { before, after, ignore, kinds, field, search, offset, limit } = params;
    const nodes = this.#compared(before, after, ignore);
    if (!nodes.ok) return nodes;
    const chosen = nodes.value.filter(
      (node) =>
        (kinds.length === 0 || kinds.includes(node.kind)) &&
        (field === undefined || node.fields.includes(field)) &&
        node.identity.includes(search),
    );
    return ok({ total: chosen.length, rows: chosen.slice(offset, offset + limit) });
  }

  partners(runId: string): Result<EndpointResult<'comparisons.partners'>> {
    const run = this.#find(runId);
    if (!run.ok) return run;
    const { agent, action, target } = run.value.summary;
    const partners = this.#listed()
      .filter((other) => other.runId !== runId && other.agent === agent && other.action === action)
      .map((other) => ({ run: other, isSameTarget: JSON.stringify(other.target) === JSON.stringify(target) }));
    return ok({ partners });
  }

  #compared(before: string, after: string, ignore: readonly string[]): Result<readonly ComparedNode[]> {
    const [one, other] = [this.#find(before), this.#find(after)];
    if (!one.ok) return one;
    if (!other.ok) return other;
    const rows = (run: FakeRun) => new Map(run.results.map((row) => [row.identity, row]));
    const [old, now] = [rows(one.value), rows(other.value)];
    return ok(
      [...new Set([...old.keys(), ...now.keys()])].sort().map((identity) => {
        const node = compareNode(identity, sideOf(old.get(identity)), sideOf(now.get(identity)));
        const fields = node.fields.filter((field) => !ignore.includes(field));
        return { ...node, fields, kind: node.kind === 'changed' && fields.length === 0 ? 'same' : node.kind };
      }),
    );
  }

  #find(runId: string): Result<FakeRun> {
    const run = this.#runs().find((known) => known.runId === runId);
    return run === undefined ? fail('run.unknown', `There is no run ${runId}`) : ok(run);
  }

  /** All that were not removed, newest first. */
  #listed(): readonly ListedRun[] {
    return this.#runs()
      .filter(({ runId }) => !this.#removed.has(runId))
      .map(({ summary }) => {
        const notes = this.#notes.get(summary.runId) ?? [];
        const lastNote = notes.at(-1)?.text ?? null;
        return { ...summary, pin: this.#pins.get(summary.runId) ?? null, notes: notes.length, lastNote };
      })
      .reverse();
  }

  #isWanted(run: ListedRun, query: Query): boolean {
    const { search, agent, action, person, node, sinceMs, untilMs, states = [], hasFailures, isPinned } = query;
    const identities = () => this.#runs().find(({ runId }) => runId === run.runId)?.results ?? [];
    const failures = Object.entries(run.states).filter(([state, count]) => state !== 'ok' && count > 0);
    return (
      JSON.stringify([run.agent, run.action, run.person, run.target, run.lastNote]).includes(search) &&
      (agent === undefined || run.agent === agent) &&
      (action === undefined || run.action === action) &&
      (person === undefined || run.person === person) &&
      (node === undefined || identities().some(({ identity }) => identity === node)) &&
      (sinceMs === undefined || run.startedAtMs >= sinceMs) &&
      (untilMs === undefined || run.startedAtMs < untilMs) &&
      (states.length === 0 || states.includes(run.state)) &&
      (hasFailures === undefined || failures.length > 0) &&
      (isPinned === undefined || run.pin !== null)
    );
  }
}
