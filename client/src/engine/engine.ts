import type { ConnectionShape } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import type { AskPassphrase } from '@muster/runtime/keys';
import type { Logger } from '@muster/runtime/logging';
import type { Comparisons } from '../comparisons/index.ts';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import type { ReadOnly } from '../guard/read-only.ts';
import type { History } from '../history/index.ts';
import type { Joins } from '../joins/index.ts';
import type { Nodes } from '../nodes/index.ts';
import type { Notify } from '../notify/index.ts';
import type { Retention } from '../retention/index.ts';
import type { Schedules } from '../schedules/index.ts';
import type { OwnCertificate } from './own-certificate.ts';
import type { Discovery, Targets } from './parts/discovery.ts';
import type { EngineHealth, Notices } from './parts/health.ts';
import type { Inventory } from './parts/inventory.ts';
import type { Puppet, Runalls } from './parts/puppet.ts';
import type { Evidence, Reports } from './parts/reports.ts';
import type { Question, Runs } from './parts/runs.ts';
import type { EngineAudit, PolicyDesk } from './parts/security.ts';
import type { Groups, Preferences, Presets, Recipes } from './parts/selections.ts';

/** Stops what was started: a listener or a timer. Calling it again does nothing. */
export type Stop = () => void;

/** What the engine needs of the world; everything but `home` has the real thing as its default. */
export interface EngineOptions {
  /** The folder with `console.yaml`. */
  readonly home: string;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
  /** Default: warnings and worse to `data/console.log` in the home. */
  readonly logger?: Logger;
  /** Name shown in the broker's list of connections; default `muster PERSON`. */
  readonly connectionName?: string;
  /**
   * Keep the inventory in step with the fleet: listen to registrations, ask nodes whose digests changed, and look for the
   * whole fleet when the inventory is empty. Default true; a command line that lives for one command sets it to false.
   */
  readonly followFleet?: boolean;
  /**
   * Go on with runs whose console is gone, at the start and whenever one is found, and take the answers that came meanwhile. Default: as
   * `followFleet`. An engine that does not goes on with a run only when it is told to: see {@link Runs.attach}.
   */
  readonly adoptRuns?: boolean;
  /** Start runs whose scheduled time has come. Default: as `followFleet`. */
  readonly serveSchedules?: boolean;
  /** Try notifications that are due, whichever console queued them. Default: as `serveSchedules`. What this engine queues it tries in any case. */
  readonly serveNotifications?: boolean;
  /** Never connect to the broker, and leave the private key alone; what needs them fails. Default false. */
  readonly offline?: boolean;
  /** Run actions only that read, whatever the configuration says. Default false. */
  readonly readOnly?: boolean;
  /** The passphrase of a protected key, whatever the configuration says of one. */
  readonly passphrase?: AskPassphrase;
  /** Asked for the passphrase when the configuration names no file with it. */
  readonly askPassphrase?: AskPassphrase;
}

export interface Connection {
  readonly state: ConnectionShape;
  /** Calls `listener` on each change, not at once. */
  onState(listener: (state: ConnectionShape) => void): Stop;
  /** Resolves when the broker is reached. Errors: why it is not, after `timeoutMs` or at once when it refuses us for good. */
  waitUntilUp(timeoutMs: number): Promise<Result<void>>;
}

/** The console without a window: one person on one fleet. */
export interface Engine {
  readonly configuration: ConsoleConfiguration;
  /** Muster's own version. */
  readonly version: string;
  readonly connection: Connection;
  readonly discovery: Discovery;
  readonly runs: Runs;
  readonly history: History;
  readonly retention: Retention;
  readonly comparisons: Comparisons;
  /**
   * Asks nodes what no history keeps, directly; resolves when all have answered or the time is over. Errors: `usage.invalid` for an action
   * that changes nodes, `agent.unknown`, `request.unknown_action`, `broker.*`.
   */
  ask(question: Question): Promise<Result<void>>;
  readonly inventory: Inventory;
  readonly nodes: Nodes;
  readonly policies: PolicyDesk;
  readonly presets: Presets;
  readonly recipes: Recipes;
  readonly groups: Groups;
  readonly targets: Targets;
  readonly evidence: Evidence;
  readonly reports: Reports;
  readonly audit: EngineAudit;
  readonly notices: Notices;
  readonly notify: Notify;
  readonly preferences: Preferences;
  readonly puppet: Puppet;
  readonly runalls: Runalls;
  readonly schedules: Schedules;
  readonly readOnly: ReadOnly;
  /** Whether it conducts a run or a runall. */
  readonly isConducting: boolean;
  /** While it rests, it goes on with nothing that another console left behind; what it conducts already goes on. */
  rest(isResting: boolean): void;
  readonly health: EngineHealth;
  readonly joins: Joins;
  readonly certificate: OwnCertificate;
  /** Writes what is in memory, then lets the broker and the database go. Runs that are not final go on when another engine adopts them. */
  close(): Promise<void>;
}
