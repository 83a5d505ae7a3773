import type { Result } from '@muster/protocol/errors';
import type { RunCommand } from '../../../api/index.ts';

export const providerNames = ['systemd', 'sysv'] as const;
export type ProviderName = (typeof providerNames)[number];

export type ServiceStatus = 'running' | 'stopped' | 'unknown';

/** How a command ended; without an exit code while it still runs, because nobody waits any longer. */
export interface CommandEnd {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** What providers work with. */
export interface ProviderTools {
  /** Runs what only reads. */
  readonly run: RunCommand;
  /** Runs what changes the node: nothing cuts it short, and what it starts stays. */
  readonly change: (program: string, args: readonly string[]) => Promise<CommandEnd>;
}

/** Tells about services. Names have been validated; none of them reaches a shell, or counts as an option. */
export interface ServiceReader {
  /** Errors: `internal` when there is no such service, or nobody can tell. */
  status(name: string): Promise<Result<ServiceStatus>>;
}

export interface ServiceProvider extends ServiceReader {
  control(verb: 'start' | 'stop' | 'restart', name: string): Promise<CommandEnd>;
  isEnabled(name: string): Promise<boolean>;
  /** Errors: `internal` when the node has no program for it. */
  setEnabled(name: string, enabled: boolean): Promise<Result<CommandEnd>>;
}
