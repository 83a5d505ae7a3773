import type { ComparedNode, Comparison, ComparisonKind, EndpointParams, EndpointResult } from '@muster/protocol/bridge';
import { fail, type Result } from '@muster/protocol/errors';
import type { ComparisonReader } from '../storage/index.ts';

/** Which nodes of a comparison are wanted. */
export interface ComparisonOrder {
  /** Ids of the runs. */
  readonly before: string;
  readonly after: string;
  /** Default: all. */
  readonly kinds?: readonly ComparisonKind[];
  /** Outputs in which answers may differ and still count as the same. Default: none. */
  readonly ignore?: readonly string[];
  /** Only nodes in which this output differs. */
  readonly field?: string;
  /** In the names of nodes. */
  readonly search?: string;
}

/** Comparing two runs, node by node and field by field. Errors of all: `run.unknown`, `storage.*`. */
export interface Comparisons {
  /** Both runs and how many nodes differ how. */
  get(params: EndpointParams<'comparisons.get'>): Promise<Result<Comparison>>;
  /** A slice of the nodes. */
  nodes(params: EndpointParams<'comparisons.nodes'>): Promise<Result<EndpointResult<'comparisons.nodes'>>>;
  /** Runs that a run is best compared with. */
  partners(runId: string): Promise<Result<EndpointResult<'comparisons.partners'>['partners']>>;
  /**
   * All nodes by name, with what each came to in both runs, page by page: in memory are those of one page, 500 at most. Ends after an error, and with
   * `run.interrupted` when the signal says so.
   */
  pages(order: ComparisonOrder, signal?: AbortSignal): AsyncGenerator<Result<readonly ComparedNode[]>, void>;
}

const pageSize = 500;

export function createComparisons(storage: ComparisonReader): Comparisons {
  return {
    get: (params) => storage.compareRuns(params),
    nodes: (params) => storage.comparedNodes(params),
    partners: (runId) => storage.comparisonPartners(runId),
    async *pages({ before, after, kinds = [], ignore = [], field, search = '' }, signal) {
      const narrowed = { search, ...(field === undefined ? {} : { field }) };
      const choice = { before, after, kinds: [...kinds], ignore: [...ignore], ...narrowed };
      for (let behind = ''; ;) {
        if (signal?.aborted === true) {
          yield fail('run.interrupted', 'Interrupted while runs were compared');
          return;
        }
        const page = await storage.comparisonPage({ ...choice, behind, limit: pageSize });
        if (!page.ok || page.value.length > 0) yield page;
        if (!page.ok || page.value.length < pageSize) return;
        behind = page.value.at(-1)?.identity ?? behind;
      }
    },
  };
}
