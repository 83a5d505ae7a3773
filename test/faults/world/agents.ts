import { join } from 'node:path';
import { repositoryRoot } from '@muster/build/fleet';
import type { TcpProxy } from '../network/tcp-proxy.ts';
import type { FalseClock } from './false-clock.ts';
import { createService, type Service } from './service.ts';
import type { TinyDisk } from './tiny-disk.ts';

/** A process with one agent, or with many emulated ones. */
export interface AgentHost extends Service {
  readonly name: string;
  readonly kind: 'process' | 'emulated';
  readonly identities: readonly string[];
  readonly stateFolder: string;
  readonly proxy: TcpProxy;
  readonly clock: FalseClock;
  /** Of hosts whose state lies on a small disk. */
  readonly disk: TinyDisk | null;
  readonly logFile: string;
}

export interface AgentHostParts extends Pick<
  AgentHost,
  'name' | 'kind' | 'identities' | 'stateFolder' | 'proxy' | 'clock' | 'disk' | 'logFile'
> {
  readonly configFiles: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const agentEntry = join(repositoryRoot, 'agent', 'bin', 'muster-agent.mjs');
const emulationEntry = join(repositoryRoot, 'build', 'dist', 'emulation', 'main.js');

export function createAgentHost({ configFiles, env, ...about }: AgentHostParts): AgentHost {
  const args = about.kind === 'process' ? [agentEntry, '--config', ...configFiles] : [emulationEntry, ...configFiles];
  const service = createService(args, { logFile: about.logFile, env: { ...about.clock.env, ...env } });
  return {
    ...about,
    ...service,
    get pid() {
      return service.pid;
    },
    get restarts() {
      return service.restarts;
    },
  };
}
