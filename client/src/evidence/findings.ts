/** What proves that a file of evidence is not what was signed. */
export type EvidenceDamageKind =
  /** A line is none of a file of evidence, or does not fit where it stands. */
  | 'unreadable'
  /** The certificate is of no trusted authority, or was not good at the time. */
  | 'certificate'
  /** The signature does not fit. */
  | 'signature'
  /** It was signed by another than who it says it is from, or by one who may not send such a message. */
  | 'sender'
  /** The message belongs to another request, action or node. */
  | 'request'
  /** What is shown differs from what was signed. */
  | 'row'
  /** Something is there twice, out of order, or behind the end. */
  | 'inserted'
  /** Something is missing that must be there. */
  | 'removed'
  /** The whole file is not as whoever wrote it has signed it. */
  | 'seal';

/** What keeps a file from proving all that it tells. */
export type EvidenceGapKind =
  /** No request is there, or none to this node. */
  | 'request_missing'
  /** A node is said to have answered, and its answer is not there as it was signed. */
  | 'reply_missing'
  /** The list of what was taken back was not looked at, or is out of date. */
  | 'revocations';

export interface EvidenceFinding<Kind extends string> {
  /** From 1; null for what concerns the whole file. */
  readonly line: number | null;
  /** The node that it is about; null when it is about none. */
  readonly identity: string | null;
  readonly kind: Kind;
  /** What it is about, for a person; it may hold text of whoever wrote the file, cut short. */
  readonly message: string;
}

/** The most findings of each sort, and names, that are kept. */
export const keptFindings = 1000;
const longestMessage = 300;

/** Text as far as it is told. */
export const clipped = (text: string): string =>
  text.length <= longestMessage ? text : `${text.slice(0, longestMessage)}…`;

/** Findings, all of them counted and the first ones kept. */
export class Findings<Kind extends string> {
  readonly kept: EvidenceFinding<Kind>[] = [];
  count = 0;

  add(finding: EvidenceFinding<Kind>): void {
    this.count += 1;
    if (this.kept.length < keptFindings) this.kept.push({ ...finding, message: clipped(finding.message) });
  }
}
