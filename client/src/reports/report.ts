import type { NodeState } from '@muster/protocol/run';

/** What a value is, so that each format can write it as suits its readers. */
export type ReportKind =
  | 'text'
  | 'number'
  /** Milliseconds since the epoch. */
  | 'time'
  /** A duration in milliseconds. */
  | 'milliseconds'
  | 'state'
  /** A list of names. */
  | 'names'
  /** Whatever JSON can say. */
  | 'json';

export interface ReportColumn {
  /** What programs call it: the head of its column in CSV. */
  readonly id: string;
  /** What a person calls it. */
  readonly title: string;
  readonly kind: ReportKind;
  /** Where its value is in JSON; `[id]` when absent. */
  readonly path?: readonly string[];
}

export interface ReportRow {
  readonly identity: string;
  /** Null where nodes have none. */
  readonly state: NodeState | null;
  /** One for each column; null where the node has none. */
  readonly values: readonly unknown[];
}

/** Something about the whole report: who, what, when, which. */
export interface ReportNote {
  readonly id: string;
  readonly title: string;
  readonly kind: ReportKind;
  readonly value: unknown;
}

/** How good or bad something is; its words say so, too. */
export type ReportTone = 'ok' | 'bad' | 'warn' | 'idle';

export interface ReportBar {
  readonly label: string;
  readonly count: number;
  readonly tone?: ReportTone;
}

/** Counts to draw. */
export interface ReportChart {
  readonly title: string;
  /** `share` are parts of all rows, as one bar; `bars` have a line each. */
  readonly form: 'share' | 'bars';
  readonly bars: readonly ReportBar[];
  /** What the bars leave out, in words. */
  readonly rest?: string;
}

/** Numbers that an action's aggregate found, in words. */
export interface ReportFigure {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * What every format writes: a head, columns, and rows that come in slices as they are asked for. A source of reports (a run, the inventory, a
 * comparison) makes one; rows reject with a `MusterError` when they cannot be read any more.
 */
export interface Report {
  readonly kind: 'run' | 'inventory' | 'comparison' | 'history';
  readonly title: string;
  /** What tells it from others of the same title; stands at the foot of each page. */
  readonly mark: string;
  /** What files of it are called, without an ending: letters, digits and `-`. */
  readonly fileStem: string;
  readonly notes: readonly ReportNote[];
  readonly columns: readonly ReportColumn[];
  /** How many rows there are. */
  readonly total: number;
  readonly charts: readonly ReportChart[];
  readonly figures: readonly ReportFigure[];
  rows(): AsyncIterable<readonly ReportRow[]>;
}

/** What a format needs besides the report. */
export interface ReportSetting {
  readonly madeAtMs: number;
  readonly version: string;
  /** Who made it. */
  readonly person: string;
  /** An IANA name; that of the system when absent. Of times that people read; programs get UTC. */
  readonly timeZone?: string;
}

/** A form of report. */
export interface ReportFormat {
  readonly mediaType: string;
  /** Of a file, without the dot. */
  readonly ending: string;
  /** Whether values that are objects come as such, and not a column for each. */
  readonly isNested: boolean;
  /** The bytes or the text, piece by piece: the next piece is made when the one before was taken. */
  write(report: Report, setting: ReportSetting): AsyncIterable<string | Uint8Array>;
}

export const reportDocument = 'muster.report.v1';
