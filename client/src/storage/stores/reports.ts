import type { Facet, NodeRow, ReportOf, ResultDetail, RunSummary } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';

/* What is written into reports, and the evidence that goes with them. */

/** A message as it is kept: without its certificate, which the fingerprint names. */
export interface KeptMessage {
  /** Null for a request to all that a filter matches. */
  readonly identity: string | null;
  /** Fingerprint of the certificate. */
  readonly signedBy: string;
  /** See `DetachedFrame`. */
  readonly rest: Uint8Array;
}

/** A row of a run with the answer as the node signed it; null where none is kept. */
export interface ProvenRow {
  readonly row: ResultDetail;
  readonly reply: KeptMessage | null;
}

/** What was signed in a run, page by page; each page goes on behind the last entry of the one before it. */
export interface EvidenceReader {
  /** Those of the certificates that are kept, in DER. */
  evidenceCertificates(fingerprints: readonly string[]): Promise<Result<{ fingerprint: string; der: Uint8Array }[]>>;
  /** By node; that to all comes first. `after` null from the beginning, and '' behind that one. */
  evidenceRequests(runId: string, after: string | null, limit: number): Promise<Result<KeptMessage[]>>;
  /** All rows of the run, by node. */
  evidenceRows(runId: string, after: string, limit: number): Promise<Result<ProvenRow[]>>;
}

type RunReportOf = Extract<ReportOf, { kind: 'run' }>;
type FleetReportOf = Extract<ReportOf, { kind: 'inventory' }>;

/** Which answers a report is of. */
export type AnswersReported = Pick<RunReportOf, 'runId' | 'states' | 'search' | 'filter' | 'sort' | 'identities'>;

/** Who is in a report of a run, in its order, and how many of them are in each state. */
export interface ReportedAnswers {
  readonly identities: readonly string[];
  readonly states: RunSummary['states'];
}

/** Some answers of a report; of the names that were asked for, the first `taken`. One that is there no more has no row. */
export interface ReportSlice {
  readonly rows: readonly ResultDetail[];
  readonly taken: number;
}

export interface RunReportReader {
  reportedAnswers(of: AnswersReported): Promise<Result<ReportedAnswers>>;
  /** The names of outputs, those of most answers first; 500 at most. */
  reportedOutputs(of: AnswersReported): Promise<Result<string[]>>;
  /** Of many large answers only the first come at once. */
  answersOf(runId: string, identities: readonly string[]): Promise<Result<ReportSlice>>;
}

/** Which nodes a report is of. */
export type FleetReported = Pick<FleetReportOf, 'filter' | 'sort' | 'identities'>;

export type ReportedFacet = Facet & { readonly path: string };

export interface FleetReportReader {
  /** In the order of the report. Errors: those of the filter. */
  reportedNodes(of: FleetReported): Promise<Result<string[]>>;
  /** One that is there no more has no row. */
  nodesOf(
    identities: readonly string[],
    shown: { columns: string[]; lists: ('classes' | 'agents' | 'collectives')[] },
  ): Promise<Result<NodeRow[]>>;
  /** The most frequent values of facts among some nodes. */
  facetsOf(identities: readonly string[], paths: readonly string[], limit: number): Promise<Result<ReportedFacet[]>>;
}
