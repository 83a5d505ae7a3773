import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../fleet/index.ts';

/** The workspaces that operators get; the others build and test them. */
export const shippedWorkspaces = [
  'protocol',
  'runtime',
  'agent',
  'client',
  'electron',
  'renderer',
  'cli',
  'broker-config',
] as const;

const tool = join(repositoryRoot, 'node_modules', '.bin', 'cyclonedx-npm');

/**
 * Writes what Muster ships with, by the lock file: a bill of materials in CycloneDX 1.6 JSON, valid by its schema. The same lock
 * file gives the same bytes. Rejects with what the tool said.
 */
export async function makeSbom(outFile: string): Promise<void> {
  await mkdir(dirname(outFile), { recursive: true });
  const args = [
    '--package-lock-only',
    '--omit',
    'dev',
    '--output-reproducible',
    '--validate',
    '--output-file',
    outFile,
  ];
  await promisify(execFile)(tool, [...args, ...shippedWorkspaces.flatMap((name) => ['--workspace', name])], {
    cwd: repositoryRoot,
  });
}
