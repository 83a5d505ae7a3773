import type { Result } from '@muster/protocol/errors';
import type { RunCommand } from '../../../api/index.ts';

export const providerNames = ['apt', 'zypper', 'dnf', 'yum'] as const;
export type ProviderName = (typeof providerNames)[number];

/**
 * How much of a package a node has: all of it, some of it because an installation was cut short, its configuration alone, or
 * nothing.
 */
export type Presence = 'whole' | 'broken' | 'configuration' | 'none';

/** What a node has of a package. Parts of the version are there when some version is. */
export interface PackageState {
  readonly name: string;
  readonly presence: Presence;
  /** The full version, `absent`, or the package manager's word for a package that is broken. */
  readonly ensure: string;
  readonly epoch?: number;
  readonly version?: string;
  readonly release?: string;
  readonly arch?: string;
  readonly provider: ProviderName;
  /** What the package manager said. */
  readonly output: string;
}

/** How a command of a package manager ended. */
export interface CommandEnd {
  /** Undefined while it still runs, because nobody waits any longer. */
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** An installed package for which there is a newer version. */
export interface OutdatedPackage {
  readonly package: string;
  readonly version: string;
  readonly installed?: string;
  readonly repo: string;
}

export interface AvailablePackage {
  readonly package: string;
  readonly version: string;
  readonly arch?: string;
  readonly repo: string;
}

/** Installed packages, one line `NAME VERSION ARCH` for each, in no particular order. */
export interface Listing {
  readonly exitCode: number | null;
  readonly lines: readonly string[];
  readonly output: string;
}

/** What a node's database of packages says. It only reads. */
export interface PackageDatabase {
  /** Errors: `internal` when the database cannot be read. */
  status(name: string): Promise<Result<PackageState>>;
  list(): Promise<Listing>;
}

/** One package manager. Names and versions have been validated; none of them reaches a shell, or counts as an option. */
export interface PackageProvider extends PackageDatabase {
  readonly name: ProviderName;
  /** Whether a command that changes something has done so. */
  readonly isSuccess: (exitCode: number) => boolean;
  /** Errors: `internal` when there is no such package, or no such version of it. */
  install(name: string, version: string | undefined): Promise<Result<CommandEnd>>;
  update(name: string): Promise<CommandEnd>;
  uninstall(name: string): Promise<CommandEnd>;
  purge(name: string): Promise<CommandEnd>;
  /** Learns anew which packages there are to install. */
  refresh(): Promise<CommandEnd>;
  /** Exit codes are those of the package manager; `isFailure` says what they mean. */
  outdated(): Promise<CommandEnd & { readonly isFailure: boolean; readonly packages: readonly OutdatedPackage[] }>;
  /** All versions to install of the packages whose name is that, or fits it as a glob. Errors: `internal`. */
  search(pattern: string): Promise<Result<readonly AvailablePackage[]>>;
  /** Forgets what was downloaded. Only yum and dnf have it. */
  clean?(mode: string): Promise<CommandEnd>;
}

/** What providers work with. */
export interface ProviderTools {
  /** Runs what only reads. */
  readonly run: RunCommand;
  /** Runs what changes the node: nothing cuts it short. */
  readonly change: (
    program: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => Promise<CommandEnd>;
  /** The root directory of the system that is managed; undefined for the node's own. */
  readonly root: string | undefined;
  /** How long a change may wait for another one to end, in seconds. */
  readonly lockSeconds: number;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Most output that is read of commands that list packages, in bytes. */
export const listBytes = 16 * 1024 * 1024;
