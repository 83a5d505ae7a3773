import type { PuppetNode, PuppetRun } from '@muster/protocol/bridge';
import { z } from 'zod';

const flag = z.boolean().catch(false);
const text = z.string().catch('');
const number = z.number().nullable().catch(null);

/** What `puppet status` tells. Outputs that a node lacks get what a stopped, enabled Puppet would have. */
const statusOutputs = z.object({
  applying: flag,
  idling: flag,
  daemon_present: flag,
  enabled: z.boolean().catch(true),
  lastrun: z.number().catch(0),
  disable_message: text,
});

export interface PuppetStatus {
  readonly applying: boolean;
  readonly idling: boolean;
  readonly enabled: boolean;
  readonly daemonPresent: boolean;
  /** When the last run ended, in seconds by the node's clock; 0 for never. */
  readonly lastRun: number;
  readonly disableMessage: string;
}

export function readStatus(data: Readonly<Record<string, unknown>>): PuppetStatus {
  const { applying, idling, enabled, daemon_present, lastrun, disable_message } = statusOutputs.parse(data);
  return {
    applying,
    idling,
    enabled,
    daemonPresent: daemon_present,
    lastRun: lastrun,
    disableMessage: disable_message,
  };
}

/** A status as the overview shows it. */
export function statusOfNode({
  applying,
  idling,
  enabled,
  daemonPresent,
  lastRun,
  disableMessage,
}: PuppetStatus): Pick<PuppetNode, 'state' | 'applying' | 'daemonPresent' | 'disableMessage' | 'lastRunAtMs'> {
  return {
    state: !enabled ? 'disabled' : applying ? 'applying' : idling ? 'idling' : 'stopped',
    applying,
    daemonPresent,
    disableMessage,
    lastRunAtMs: lastRun > 0 ? lastRun * 1000 : null,
  };
}

const summaryOutputs = z.object({
  out_of_sync_resources: number,
  failed_resources: number,
  corrected_resources: number,
  changed_resources: number,
  total_resources: number,
  config_retrieval_time: number,
  total_time: number,
  lastrun: z.number().catch(0),
  config_version: z.union([z.string(), z.number()]).catch(''),
});

/** Puppet's -1 stands for what it did not tell. */
const told = (value: number | null): number | null => (value === null || value < 0 ? null : value);
const counted = (value: number | null): number | null => {
  const known = told(value);
  return known === null ? null : Math.trunc(known);
};

/** What `puppet last_run_summary` tells of the last run; null when Puppet has never run. */
export function readRun(data: Readonly<Record<string, unknown>>): PuppetRun | null {
  const outputs = summaryOutputs.parse(data);
  if (outputs.lastrun <= 0) return null;
  const failed = counted(outputs.failed_resources);
  const changed = counted(outputs.changed_resources);
  const total = counted(outputs.total_resources);
  // Every catalog has resources: none at all means that there was no catalog.
  const hasFailed = (failed ?? 0) > 0 || (total ?? 0) === 0;
  return {
    result: hasFailed ? 'failed' : (changed ?? 0) > 0 ? 'changed' : 'ok',
    failed,
    changed,
    corrected: counted(outputs.corrected_resources),
    outOfSync: counted(outputs.out_of_sync_resources),
    total,
    totalTime: told(outputs.total_time),
    configRetrievalTime: told(outputs.config_retrieval_time),
    configVersion: String(outputs.config_version),
    atMs: outputs.lastrun * 1000,
  };
}
