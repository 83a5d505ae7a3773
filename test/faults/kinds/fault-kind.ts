import type { Random } from '@muster/build/fleet';
import type { Load } from '../load/load.ts';
import type { AgentHost } from '../world/agents.ts';
import type { Console } from '../world/console.ts';
import type { World } from '../world/world.ts';

/** What faults work with. */
export interface Scene {
  readonly world: World;
  readonly load: Load;
  readonly random: Random;
  /** Aborted when the suite is given up. */
  readonly signal: AbortSignal;
  /** Runs whose record a fault took off the disk after it had got there. */
  readonly cutOff: Set<string>;
  /** One of the hosts that no other fault works on, for as long as the work takes. */
  withHost<T>(suits: (host: AgentHost) => boolean, work: (host: AgentHost) => Promise<T>): Promise<T>;
  /** The same with consoles. */
  withConsole<T>(suits: (console: Console) => boolean, work: (console: Console) => Promise<T>): Promise<T>;
}

/** One way in which something breaks. */
export interface FaultKind {
  readonly name: string;
  /** What not every world has. */
  readonly needs?: 'emulation' | 'disks' | 'one broker' | 'cluster';
  /** Breaks something and mends it. Resolves, when all is mended, with what was broken, for whoever wants to see it again. */
  inject(scene: Scene): Promise<string>;
}

const isProcess = (host: AgentHost): boolean => host.kind === 'process';
const isWorker = (host: AgentHost): boolean => host.kind === 'emulated';
const any = (): boolean => true;

export const hosts = { any, isProcess, isWorker, hasDisk: (host: AgentHost): boolean => host.disk !== null };
export const consoles = {
  any,
  hasDisk: (console: Console): boolean => console.disk !== null,
  isUp: (console: Console) => console.isUp,
};
