import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomId } from '@muster/runtime/crypto';
import type { RandomBytes } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import { coreAgents, shippedAgents } from '../agents/index.ts';
import { createCatalogue, type Catalogue } from '../catalogue/index.ts';
import type { Configuration } from '../configuration/index.ts';
import { shippedData } from '../data/index.ts';
import type { Facts } from '../facts/index.ts';
import type { HostPool } from '../isolation/index.ts';
import type { AgentPlugin } from '../plugins/index.ts';
import { agentVersion } from '../version.ts';
import { createFactsFile } from './facts-file.ts';

const folderMode = 0o700;

/** Folders for what agents must remember, below the node's state; each is made when it is asked for. */
export const agentStateFolders =
  (state: string) =>
  async (agent: string): Promise<string> => {
    const folder = join(state, 'agents', agent);
    await mkdir(folder, { recursive: true, mode: folderMode });
    return folder;
  };

/** The catalogue of a configured node; nothing is in it before its first `load`. */
export function nodeCatalogue(
  { settings }: Configuration,
  parts: {
    readonly hosts: HostPool;
    readonly logger: Logger;
    readonly randomBytes: RandomBytes;
    /** Agents of the caller's, which count as the node's own. */
    readonly agents: readonly AgentPlugin[];
    readonly facts: () => Promise<Facts>;
    readonly stateFolder: (agent: string) => Promise<string>;
    /** How long an agent of a plugin folder may think about its activation, in milliseconds. */
    readonly activationMs: number;
  },
): Catalogue {
  const { identity, collectives, plugins, state } = settings;
  const { logger, hosts, randomBytes, stateFolder, activationMs } = parts;
  const factsFile = createFactsFile(state, parts.facts);

  return createCatalogue({
    core: [...coreAgents, ...parts.agents],
    shipped: shippedAgents,
    data: shippedData,
    folders: plugins.folders,
    settingsFolder: plugins.settings,
    activate: plugins.activate,
    module: { hosts, node: { identity, version: agentVersion, collectives }, factsFile, stateFolder },
    external: { folder: join(state, 'external'), factsFile, logger, newId: () => randomId(randomBytes) },
    activationMs,
    logger,
  });
}
