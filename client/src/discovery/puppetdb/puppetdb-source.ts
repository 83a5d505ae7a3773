import { fail, ok, type Result } from '@muster/protocol/errors';
import { identityPattern } from '@muster/protocol/identity';
import { readSmallFile } from '@muster/runtime/config';
import { singleOption, type NodeSource, type SourceRequest } from '../node-source.ts';
import { askPuppetDb, type PuppetDbAccess } from './ask-puppetdb.ts';
import { activeNodes, filterQuery, puppetConditions } from './filter-query.ts';

/** Where PuppetDB is; files as absolute paths. */
export interface PuppetDbSettings {
  readonly url: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly timeoutMs: number;
}

type Ask = (query: string) => Promise<Result<readonly unknown[]>>;

async function readAccess({ url, ca, certificate, key }: PuppetDbSettings): Promise<Result<PuppetDbAccess>> {
  const texts: string[] = [];
  for (const file of [ca, certificate, key]) {
    const text = await readSmallFile(file);
    if (!text.ok) return text;
    texts.push(text.value);
  }
  const [caPem = '', certificatePem = '', keyPem = ''] = texts;
  return ok({ url, ca: caPem, certificate: certificatePem, key: keyPem });
}

/** The names in the rows of an answer, each once, without nodes that the rows themselves call gone. */
function readNames(rows: readonly unknown[]): Result<readonly string[]> {
  const names = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const fields = typeof row === 'object' && row !== null ? new Map<string, unknown>(Object.entries(row)) : null;
    const name = fields?.get('certname');
    if (typeof name !== 'string') {
      return fail('discovery.failed', `Row ${index + 1} of the answer of PuppetDB has no certname`, {
        mend: 'Ask for certname, as in: nodes[certname] { … }',
      });
    }
    if (!identityPattern.test(name)) {
      return fail(
        'discovery.failed',
        `Row ${index + 1} of the answer of PuppetDB names "${name.slice(0, 80)}", which is no valid identity`,
      );
    }
    if ((fields?.get('deactivated') ?? null) === null && (fields?.get('expired') ?? null) === null) names.add(name);
  }
  return ok([...names]);
}

async function namesOf(ask: Ask, query: string): Promise<Result<readonly string[]>> {
  const rows = await ask(query);
  return rows.ok ? readNames(rows.value) : rows;
}

/** A query of the person's own; it may name nodes that are gone, hence the second question. */
async function ownQuery(ask: Ask, query: string): Promise<Result<readonly string[]>> {
  const named = await namesOf(ask, query);
  if (!named.ok || named.value.length === 0) return named;
  const active = await namesOf(ask, JSON.stringify(activeNodes));
  if (!active.ok) return active;
  const present = new Set(active.value);
  return ok(named.value.filter((name) => present.has(name)));
}

function chosenQuery({ filter, options }: SourceRequest): Result<{ own: boolean; query: string }> {
  const pql = singleOption(options, 'pql');
  const ast = singleOption(options, 'ast');
  const own = pql ?? ast;
  if (own === undefined) {
    const query = filterQuery(filter);
    return query.ok ? ok({ own: false, query: JSON.stringify(query.value) }) : query;
  }
  if (filter.kind !== 'all' || (pql !== undefined && ast !== undefined)) {
    return fail('usage.invalid', 'Cannot mix a query of your own with another query or with filters', {
      mend: 'Put every condition into the query.',
    });
  }
  return ok({ own: true, query: own });
}

/**
 * Asks PuppetDB for active nodes. Options: `pql` and `ast`, a query of one's own instead of a filter, whose rows have a
 * `certname`.
 */
export const createPuppetDbSource = (settings: PuppetDbSettings | null): NodeSource => ({
  method: 'puppetdb',
  conditions: puppetConditions,
  options: ['pql', 'ast'],
  async find(request) {
    if (settings === null) {
      return fail('discovery.unconfigured', 'console.yaml does not say where PuppetDB is', {
        mend: 'Add discovery.puppetdb with its url, for instance https://puppetdb.example.com:8081.',
      });
    }
    const chosen = chosenQuery(request);
    if (!chosen.ok) return chosen;
    const access = await readAccess(settings);
    if (!access.ok) return access;
    const ask: Ask = (query) =>
      askPuppetDb(access.value, query, {
        timeoutMs: request.timeoutMs ?? settings.timeoutMs,
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
    const { own, query } = chosen.value;
    return own ? ownQuery(ask, query) : namesOf(ask, query);
  },
});
