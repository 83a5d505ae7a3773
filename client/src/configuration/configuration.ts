import type { ConsoleAbout } from '@muster/protocol/bridge';
import type { DiscoverySettings } from '../discovery/index.ts';
import type { GuardSettings } from '../guard/settings.ts';
import type { NotifyTargetSettings } from '../notify/settings.ts';
import type { HistorySettings } from '../retention/index.ts';

/** What `console.yaml` says of this computer alone. */
export interface LocalSettings {
  /** Absolute path of the folder with the database and the log. */
  readonly dataFolder: string;
  readonly history: HistorySettings;
}

/** What `console.yaml` says, checked and with its files found; secrets stay out of it. */
export interface ConsoleConfiguration extends LocalSettings {
  /** Absolute path of the folder with `console.yaml`. */
  readonly home: string;
  readonly person: string;
  /** At least one; the first is the default of every request. */
  readonly collectives: readonly [string, ...string[]];
  readonly brokerUrls: readonly string[];
  /** The proxy that the broker and receivers of notifications are reached through; null for directly. */
  readonly proxy: ConsoleAbout['proxy'];
  /** How long discovery waits for answers, in milliseconds. Default 2,000. */
  readonly discoveryTimeoutMs: number;
  readonly discovery: DiscoverySettings;
  readonly guard: GuardSettings;
  /** Whom to tell when runs end. */
  readonly notify: readonly NotifyTargetSettings[];
}
