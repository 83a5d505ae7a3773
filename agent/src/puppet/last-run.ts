import { readSmallFile } from '@muster/runtime/config';
import type { PuppetFiles } from './files.ts';
import { numberAt, parsePuppetYaml, partOf } from './yaml-documents.ts';

/** Figures of the last run. -1 stands for a count that Puppet did not write. */
export interface LastRunFigures {
  readonly out_of_sync_resources: number;
  readonly failed_resources: number;
  readonly corrected_resources: number;
  readonly changed_resources: number;
  readonly total_resources: number;
  /** Seconds. */
  readonly config_retrieval_time: number;
  /** Seconds. */
  readonly total_time: number;
  /** Seconds since the epoch; 0 when no run is known. */
  readonly lastrun: number;
  readonly config_version: string;
}

/** What Puppet keeps of its last run. */
export interface LastRun {
  readonly figures: LastRunFigures;
  /** The whole summary, as Puppet wrote it. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/** Reads `last_run_summary.yaml`. A file that is missing or broken tells of no run. */
export async function readLastRun(files: PuppetFiles): Promise<LastRun> {
  const text = await readSmallFile(files.lastrunfile);
  let summary: unknown;
  try {
    summary = text.ok ? parsePuppetYaml(text.value) : undefined;
  } catch {
    // Puppet writes the file at once, so this is no half of it: somebody else has been there.
    summary = undefined;
  }
  const resources = (name: string, fallback = -1) => numberAt(summary, fallback, 'resources', name);
  const version = partOf(summary, 'version', 'config');
  const figures = {
    out_of_sync_resources: resources('out_of_sync'),
    failed_resources: resources('failed'),
    corrected_resources: resources('corrective_change'),
    changed_resources: resources('changed'),
    total_resources: resources('total', 0),
    config_retrieval_time: numberAt(summary, -1, 'time', 'config_retrieval'),
    total_time: numberAt(summary, 0, 'time', 'total'),
    lastrun: Math.floor(numberAt(summary, 0, 'time', 'last_run')),
    config_version: typeof version === 'string' || typeof version === 'number' ? String(version) : '',
  };
  return {
    figures,
    // An object that is no array is a map.
    summary:
      typeof summary === 'object' && summary !== null && !Array.isArray(summary)
        ? (summary as Record<string, unknown>)
        : {},
  };
}
