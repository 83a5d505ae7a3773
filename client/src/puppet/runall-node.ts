import type { SkipReason } from '@muster/protocol/bridge';
import type { StoredRunallNode } from '../storage/index.ts';

/** A node of a runall while this process conducts it: what is stored, and what need not outlive the process. */
export interface LiveNode {
  stored: StoredRunallNode;
  /** Whether its status is known, so that it may be started. */
  known: boolean;
  /** Whether a question to it is under way. */
  pending: boolean;
  /** Not to be asked before. */
  nextAskMs: number;
  /** How often it was seen neither applying nor done after it had been asked to run. */
  checks: number;
  /** How often it refused to run, and what it said last. */
  refusals: number;
  refusal: string;
  /** When its last run ended before we started one, in seconds by its clock. */
  lastRun: number;
  /** Since when it has been applying what is not ours; null while it does not. */
  busySinceMs: number | null;
  /** What is known of how its run went: to be asked for, or settled for good. */
  figures: 'none' | 'wanted' | 'settled';
  figureTries: number;
}

export const newNode = (identity: string, turn: number): StoredRunallNode => ({
  identity,
  turn,
  state: 'waiting',
  reason: null,
  detail: '',
  requestId: null,
  askedAtMs: null,
  initiatedAt: null,
  begunAtMs: null,
  endedAtMs: null,
  misses: 0,
  run: null,
});

/** A node as it was stored, by this process or an earlier one: what it does now has to be asked. */
export const liveNode = (stored: StoredRunallNode): LiveNode => ({
  stored: stored.state === 'done' || stored.state === 'skipped' ? stored : { ...stored, misses: 0 },
  known: false,
  pending: false,
  nextAskMs: 0,
  checks: 0,
  refusals: 0,
  refusal: '',
  lastRun: 0,
  busySinceMs: null,
  figures: stored.state === 'done' ? (stored.run === null ? 'wanted' : 'settled') : 'none',
  figureTries: 0,
});

export const isOpen = ({ stored }: LiveNode): boolean => stored.state !== 'done' && stored.state !== 'skipped';

export const holdsSlot = ({ stored }: LiveNode): boolean =>
  stored.state === 'busy' || stored.state === 'starting' || stored.state === 'running';

export const skipped = (
  node: StoredRunallNode,
  reason: SkipReason,
  detail: string,
  nowMs: number,
): StoredRunallNode => ({ ...node, state: 'skipped', reason, detail, endedAtMs: nowMs });
