import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShippedAgent } from '@muster/agent/catalogue';
import { createHostPool, type HostDeath, type TaskEnd } from '@muster/agent/isolation';
import { createLogger } from '@muster/runtime/logging';

/** The actions of a shipped agent, without a node around them that checks inputs against the DDL. */
export interface UncheckedAgent {
  perform(action: string, inputs: Readonly<Record<string, unknown>>): Promise<TaskEnd | HostDeath>;
  close(): Promise<void>;
}

export async function createUncheckedAgent(
  { ddl, module }: Pick<ShippedAgent, 'ddl' | 'module'>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<UncheckedAgent> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-unchecked-'));
  const factsFile = join(folder, 'facts.json');
  await writeFile(factsFile, '{}');
  const stateFolder = await mkdtemp(join(folder, 'state-'));
  const hosts = createHostPool({ logger: createLogger({ name: 'test', level: 'fatal', destination: process.stderr }) });
  return {
    perform: (action, inputs) =>
      hosts.perform(
        {
          kind: 'action',
          module,
          request: { requestId: 'r1', caller: 'cert=alice', collective: 'muster', agent: ddl.name, action, inputs },
          settings,
          stateFolder,
          node: { identity: 'web1.example.com', version: '1', collectives: ['muster'] },
          factsFile,
        },
        new AbortController().signal,
      ),
    async close() {
      await hosts.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
