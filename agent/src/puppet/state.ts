import { readSmallFile } from '@muster/runtime/config';
import { humanDuration } from './durations.ts';
import type { PuppetFiles } from './files.ts';
import { readLastRun } from './last-run.ts';
import { puppetProcessIn } from './puppet-processes.ts';
import { runUnderWay } from './run-claim.ts';
import { partOf } from './yaml-documents.ts';

/** How Puppet fares on the node. */
export interface PuppetState {
  readonly applying: boolean;
  readonly idling: boolean;
  readonly enabled: boolean;
  readonly daemon_present: boolean;
  /** Seconds since the epoch; 0 when no run is known. */
  readonly lastrun: number;
  /** Seconds; since the epoch when no run is known, so that filters for old runs find such nodes. */
  readonly since_lastrun: number;
  readonly status: 'disabled' | 'applying a catalog' | 'idling' | 'stopped';
  readonly disable_message: string;
}

/** Why Puppet is disabled; undefined when it is enabled, empty when nobody said why. */
export async function disabledBecause({ agent_disabled_lockfile: lock }: PuppetFiles): Promise<string | undefined> {
  const text = await readSmallFile(lock);
  if (!text.ok) return undefined;
  try {
    const content: unknown = JSON.parse(text.value);
    const message = partOf(content, 'disabled_message');
    return typeof message === 'string' ? message : '';
  } catch {
    // Also a lock that says nothing is one.
    return '';
  }
}

/** Whether a catalog is being applied, or a run that was started through us is about to. */
export async function isApplying(files: PuppetFiles): Promise<boolean> {
  if ((await puppetProcessIn(files.agent_catalog_run_lockfile)) !== undefined) return true;
  return (await runUnderWay(files))?.waits === false;
}

/** Reads the state from Puppet's files alone. */
export async function readPuppetState(files: PuppetFiles, nowMs: number): Promise<PuppetState> {
  const [reason, applying, daemon, { figures }] = await Promise.all([
    disabledBecause(files),
    isApplying(files),
    puppetProcessIn(files.pidfile),
    readLastRun(files),
  ]);
  const { lastrun } = figures;
  const idling = daemon !== undefined && !applying;
  const enabled = reason === undefined;
  return {
    applying,
    idling,
    enabled,
    daemon_present: daemon !== undefined,
    lastrun,
    since_lastrun: Math.max(0, Math.floor(nowMs / 1000) - lastrun),
    status: !enabled ? 'disabled' : applying ? 'applying a catalog' : idling ? 'idling' : 'stopped',
    disable_message: reason ?? '',
  };
}

/** The state in a sentence. */
export function describeState({ status, lastrun, since_lastrun: since }: PuppetState): string {
  const last = lastrun === 0 ? 'no completed run is known' : `last completed run ${humanDuration(since)} ago`;
  return `Currently ${status}; ${last}`;
}
