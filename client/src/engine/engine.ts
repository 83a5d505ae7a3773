import type { PolicySources } from '@muster/protocol/policy';
import type {
  AgentVersions,
  ConnectionShape,
  CopyFormatName,
  Counted,
  DiscoveryChoice,
  DiscoveryMethod,
  EndpointParams,
  EndpointResult,
  Facet,
  FactPath,
  FleetAgent,
  FleetDataPlugin,
  Group,
  ImportMode,
  Limit,
  ListedGroup,
  MatchCount,
  NodeDetail,
  Health,
  Notice,
  Preset,
  PresetDocument,
  Recipe,
  RecipeDocument,
  PuppetFigures,
  ReportFormatName,
  ReportOf,
  ResultDetail,
  RunAction,
  RunAggregate,
  RunallOrder,
  RunallSummary,
  RunOrder,
  RunSummary,
  Target,
} from '@muster/protocol/bridge';
import type { AgentDdl } from '@muster/protocol/ddl';
import type { Result } from '@muster/protocol/errors';
import type { FilterExpression } from '@muster/protocol/filter';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import type { AskPassphrase } from '@muster/runtime/keys';
import type { Logger } from '@muster/runtime/logging';
import type { ChainReport, ConsoleAudit } from '../audit/index.ts';
import type { Comparisons } from '../comparisons/index.ts';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import type { ExportedEvidence, ExportOrder } from '../evidence/index.ts';
import type { ReadOnly } from '../guard/read-only.ts';
import type { History } from '../history/index.ts';
import type { Retention } from '../retention/index.ts';
import type { OwnCertificate } from './own-certificate.ts';
import type { Notify } from '../notify/index.ts';
import type { Nodes } from '../nodes/index.ts';
import type { Joins } from '../joins/index.ts';
import type { ResolvedTarget } from '../presets/index.ts';
import type { Schedules } from '../schedules/index.ts';
import type { OpenReport, ReportJobs, ReportPlace, WrittenReport } from '../reports/index.ts';

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

export interface DiscoveryOrder {
  readonly filter: FilterExpression;
  /** Only nodes that have this agent. A filter that merely names identities is taken at its word all the same. */
  readonly agent?: string;
  /** Default: the first collective of the configuration. */
  readonly collective?: string;
  /** How to find them; as configured when absent. */
  readonly choice?: DiscoveryChoice;
  /**
   * The window of a broadcast, in milliseconds; 2 s by default, or as configured. Data plugins in the filter add 1 s each.
   * For PuppetDB and programs, the most that they may take.
   */
  readonly timeoutMs?: number;
  /** Only some of the nodes found. With `first` and a number, discovery ends as soon as that many have answered. */
  readonly limit?: Limit;
  /** Called for each node as it answers, before a share or a draw leaves some out. */
  readonly onNode?: (identity: string) => void;
  /** Ends the window early; what has answered by then is the result. */
  readonly signal?: AbortSignal;
}

export interface Discovered {
  /** In order of arrival, or as they were drawn. */
  readonly identities: readonly string[];
  /** 0 when no question was needed, because the filter only names identities. */
  readonly durationMs: number;
  /** How they were found; `list` when the filter only names identities. */
  readonly method: DiscoveryMethod;
  /** The limit that was applied, with the seed that it drew by. */
  readonly limit?: Limit;
}

export interface Discovery {
  /** What an order gets that chooses no method. */
  readonly choice: DiscoveryChoice;
  /** Finds nodes. Errors: `discovery.*`, `usage.invalid` (options), those of the filter and of the broker. No match is no error. */
  discover(order: DiscoveryOrder): Promise<Result<Discovered>>;
}

/** A run as the engine's callers order it: what the window can say, and what only callers in the same process need. */
export type EngineRunOrder = RunOrder & {
  /** Nodes that were discovered already, with the filter of the target and the agent: no second discovery. */
  readonly discovered?: Discovered;
  /** What the target meant when they were discovered; looked up when absent. */
  readonly resolved?: ResolvedTarget;
  /**
   * `automatic` sends one broadcast when more than the threshold of nodes was discovered by a filter, and else one
   * request to each; `directed` always sends one to each, `broadcast` never where a broadcast is possible. Default `automatic`. Lists of nodes, limits, batches, and nodes
   * found in another way than by a broadcast are always `directed`.
   */
  readonly delivery?: 'automatic' | 'directed' | 'broadcast';
  readonly watch?: RunWatch;
};

export interface RunWatch {
  /** Called with each new summary, many answers at a time; the last call has a final state. While discovering, `expected` counts the nodes found. */
  readonly onChange?: (summary: RunSummary) => void;
  /** Called once for each answer as it arrives; by {@link Runs.attach} and {@link Runs.follow} also for those that have arrived before. */
  readonly onResult?: (result: ResultDetail) => void;
}

export interface StartedRun {
  readonly runId: string;
  /**
   * Resolves with the final summary once everything that arrived is stored, whichever console conducts the run; never rejects. Look at
   * `state` and `fault`. When the engine closes first, with the summary as it stands: `finishedAtMs` is null, and another console goes on.
   */
  readonly finished: Promise<RunSummary>;
}

export interface Runs {
  /**
   * Stores a run and sets it going; resolves before discovery has begun.
   *
   * Errors: `filter.*`, `agent.unknown`, `request.unknown_action`, `request.invalid_input`, `broker.*`, `storage.*`.
   * What goes wrong later is the run's `fault`: `run.no_targets` when nothing was discovered.
   */
  start(order: EngineRunOrder): Promise<Result<StartedRun>>;
  /**
   * Conducts a run that no console conducts, or else follows it; of a final one takes the answers that came since. Errors: `run.unknown`,
   * `run.interrupted` for one that an earlier version left behind.
   */
  attach(runId: string, watch?: RunWatch): Promise<Result<StartedRun>>;
  /** As {@link attach}, and never conducts: resolves when another console has brought the run to its end. Needs no broker. Errors: `run.unknown`. */
  follow(runId: string, watch?: RunWatch): Promise<Result<StartedRun>>;
  /** Whether this engine conducts a run now; when it closes, another console has to go on with it. */
  conducts(runId: string): boolean;
  /** Summaries of one run, from now on, whichever console conducts it. */
  onChange(runId: string, listener: (summary: RunSummary) => void): Stop;
  list(params: EndpointParams<'runs.list'>): Promise<Result<EndpointResult<'runs.list'>>>;
  /** Errors: `run.unknown`. */
  get(runId: string): Promise<Result<RunSummary>>;
  /** Asks no further node until the run is resumed, whichever console conducts it. Errors of these: `run.unknown`, `run.ended`. */
  pause(runId: string): Promise<Result<RunSummary>>;
  /**
   * Goes on after a pause, and after a canary whose hold the summary tells, also while it is paused. This engine conducts the run when no other does, here
   * and in the two that follow; {@link attach} waits for its end. Another console that conducts it obeys within about a second.
   */
  resume(runId: string): Promise<Result<RunSummary>>;
  /** Asks no further node, which makes them `skipped`; those that were asked may finish. */
  stop(runId: string): Promise<Result<RunSummary>>;
  /** Asks no further node, which makes them `cancelled`, and asks those that have the request to let it be. */
  cancel(runId: string): Promise<Result<RunSummary>>;
  results(params: EndpointParams<'runs.results'>): Promise<Result<EndpointResult<'runs.results'>>>;
  resultNodes(params: EndpointParams<'runs.resultNodes'>): Promise<Result<EndpointResult<'runs.resultNodes'>>>;
  /** Errors: `run.unknown`, `node.unknown` when the node has no part in the run. */
  result(runId: string, identity: string): Promise<Result<ResultDetail>>;
  /** The action as it was described when the run started; null for runs from before that was kept. Errors: `run.unknown`; so below. */
  action(runId: string): Promise<Result<RunAction | null>>;
  /** The aggregates of the action over all answers that are stored. */
  summaries(runId: string): Promise<Result<readonly RunAggregate[]>>;
  groups(params: EndpointParams<'runs.groups'>): Promise<Result<EndpointResult<'runs.groups'>>>;
  groupNodes(params: EndpointParams<'runs.groupNodes'>): Promise<Result<readonly string[]>>;
  /** What a run of `package checkupdates` has found, by package. */
  updates(params: EndpointParams<'software.updates'>): Promise<Result<EndpointResult<'software.updates'>>>;
  updateNodes(params: EndpointParams<'software.updateNodes'>): Promise<Result<readonly string[]>>;
}

export interface FleetRevision {
  readonly total: number;
  /** Grows with each change. */
  readonly revision: number;
}

/** Which nodes a target means, once it has been looked up. */
export type MeantNodes = Pick<ResolvedTarget, 'identities' | 'filter' | 'within'>;

/** The console's own cache of the fleet. */
export interface Inventory {
  /** Errors: those of the filter. With data plugins in it, see `needsFleet`. */
  count(filter: string): Promise<Result<MatchCount>>;
  list(params: EndpointParams<'fleet.list'>): Promise<Result<EndpointResult<'fleet.list'>>>;
  /** Identities that match, sorted. Errors: those of the filter, `filter.needs_fleet` when it asks data plugins. */
  identities(filter: string): Promise<Result<readonly string[]>>;
  /** Errors: `node.unknown`. */
  node(identity: string): Promise<Result<NodeDetail>>;
  factPaths(): Promise<Result<readonly FactPath[]>>;
  /** The filter says among which nodes values are counted; default: all. So it does below. */
  factValues(path: string, limit: number, filter?: string): Promise<Result<Facet>>;
  classes(filter?: string): Promise<Result<readonly Counted[]>>;
  collectives(filter?: string): Promise<Result<readonly Counted[]>>;
  facets(params: EndpointParams<'fleet.facets'>): Promise<Result<EndpointResult<'fleet.facets'>>>;
  /** Finds names of nodes in a text that somebody pasted. */
  resolve(text: string): Promise<Result<EndpointResult<'fleet.resolve'>>>;
  /** The agents that are known, with how many nodes have each. */
  agents(): Promise<Result<readonly FleetAgent[]>>;
  /** The data plugins that are known, with how many nodes have each version. */
  dataPlugins(): Promise<Result<readonly FleetDataPlugin[]>>;
  /** The DDL of one agent, learnt from the fleet when it is not known yet. Errors: `agent.unknown`, `broker.*`. */
  agent(name: string): Promise<Result<AgentDdl>>;
  /** The versions of an agent that the nodes of a target have. Errors: those of the filter. */
  agentVersions(name: string, among: MeantNodes): Promise<Result<AgentVersions>>;
  /** The DDLs of an agent that the nodes of a target have, those of most nodes first; where that is not known, what `agent` gives. */
  agentsFor(name: string, among: MeantNodes): Promise<Result<readonly [AgentDdl, ...AgentDdl[]]>>;
  /** Looks for the whole fleet and reads what changed. `updated` nodes were read anew. */
  refresh(): Promise<Result<{ nodes: number; updated: number }>>;
  /** How much is known now. */
  revision(): Promise<Result<FleetRevision>>;
  /** Told when nodes come, go or change, from now on. */
  onChange(listener: (revision: FleetRevision) => void): Stop;
}

/** Filter presets; and presets and groups as one document. Names are found regardless of case. */
export interface Presets {
  list(): Promise<Result<readonly Preset[]>>;
  /** Errors: `preset.unknown`. */
  get(name: string): Promise<Result<Preset>>;
  /** Errors: see `presets.save` of the window's contract; so for all that follow. */
  save(params: EndpointParams<'presets.save'>): Promise<Result<Preset>>;
  remove(name: string): Promise<Result<void>>;
  export(): Promise<Result<PresetDocument>>;
  import(document: unknown, mode: ImportMode): Promise<Result<EndpointResult<'presets.import'>>>;
  /** Grows with each change of presets or groups. */
  revision(): Promise<Result<number>>;
  /** Told of each new revision, from now on; of what other processes change within some seconds. */
  onChange(listener: (revision: number) => void): Stop;
}

/** Runs that are kept under names. Names are found regardless of case; listeners of presets are told of changes. */
export interface Recipes {
  list(): Promise<Result<readonly Recipe[]>>;
  /** Errors: `recipe.unknown`. */
  get(name: string): Promise<Result<Recipe>>;
  /** Errors: see `recipes.save` of the window's contract; so for all that follow. */
  save(params: EndpointParams<'recipes.save'>): Promise<Result<Recipe>>;
  remove(name: string): Promise<Result<void>>;
  export(): Promise<Result<RecipeDocument>>;
  import(document: unknown, mode: ImportMode): Promise<Result<EndpointResult<'recipes.import'>>>;
}

/** Groups of nodes. */
export interface Groups {
  list(): Promise<Result<readonly ListedGroup[]>>;
  /** Errors: `group.unknown`. */
  get(name: string): Promise<Result<Group>>;
  save(params: EndpointParams<'groups.save'>): Promise<Result<Group>>;
  remove(name: string): Promise<Result<void>>;
  members(params: EndpointParams<'groups.members'>): Promise<Result<EndpointResult<'groups.members'>>>;
}

/** What is asked of nodes without a run. */
export interface Question {
  readonly agent: string;
  /** One that only reads. */
  readonly action: string;
  readonly inputs: RunOrder['inputs'];
  readonly identities: readonly string[];
  /** Default: the first collective of the configuration. */
  readonly collective?: string;
  /** How long to wait for answers, in milliseconds. */
  readonly timeoutMs: number;
  readonly onAnswer: (
    answer: Pick<ResultDetail, 'identity' | 'outcome' | 'statusCode' | 'statusMessage' | 'data'>,
  ) => void;
  /** Ends the waiting early. */
  readonly signal?: AbortSignal;
}

/** What an order says of how the nodes of a target are found. */
export interface TargetSearch {
  readonly choice?: DiscoveryChoice | undefined;
  /** Nodes that are away are meant too. */
  readonly awaitsAway: boolean;
}

/** What targets mean. */
export interface Targets {
  /** Looks up presets and groups. Errors: `preset.unknown`, `group.unknown`, those of the filter. */
  resolve(target: Target): Promise<Result<ResolvedTarget>>;
  /**
   * How nodes are to be found: as ordered, or as a preset says. Where neither says, those of a run that waits for nodes that are away are taken
   * from the inventory, for such nodes answer no broadcast, unless only nodes can tell who matches. Undefined for as configured.
   */
  choose(resolved: ResolvedTarget, search: TargetSearch): DiscoveryChoice | undefined;
  /** Finds the nodes. Those that are merely named are taken at their word. Errors: those of {@link Discovery.discover}. */
  find(resolved: ResolvedTarget, order: Omit<DiscoveryOrder, 'filter'>): Promise<Result<Discovered>>;
}

/** Puppet on the fleet at a glance. */
export interface Puppet {
  overview(params: EndpointParams<'puppet.overview'>): Promise<Result<EndpointResult<'puppet.overview'>>>;
  /** The last runs of the nodes that match, as numbers to draw. */
  figures(filter: string): Promise<Result<PuppetFigures>>;
  /** Asks nodes anew: all that have the agent, or those of a target. */
  refresh(target: Target | undefined): Promise<Result<EndpointResult<'puppet.refresh'>>>;
  /** Grows with each change of the overview or of runalls. */
  revision(): Promise<Result<number>>;
  /** Told of each new revision, from now on; of what other processes change within some seconds. */
  onChange(listener: (revision: number) => void): Stop;
}

/** A runall as the engine's callers order it. */
export type EngineRunallOrder = RunallOrder & {
  /** Nodes with Puppet that were discovered already, for the first iteration. */
  readonly discovered?: Discovered;
};

/** Puppet on many nodes, never more than some at once. See `runalls.*` of the window's contract for the faults. */
export interface Runalls {
  /** `ended` resolves when it has ended or this engine does not conduct it any more; look at `state`. It never rejects. */
  start(order: EngineRunallOrder): Promise<Result<{ runallId: string; ended: Promise<RunallSummary> }>>;
  list(params: EndpointParams<'runalls.list'>): Promise<Result<EndpointResult<'runalls.list'>>>;
  get(runallId: string): Promise<Result<RunallSummary>>;
  nodes(params: EndpointParams<'runalls.nodes'>): Promise<Result<EndpointResult<'runalls.nodes'>>>;
  pause(runallId: string): Promise<Result<RunallSummary>>;
  /** Goes on; this engine conducts it when no other does. */
  resume(runallId: string): Promise<Result<RunallSummary>>;
  /** This engine follows those that run to their end when no other conducts it. */
  cancel(runallId: string): Promise<Result<RunallSummary>>;
  /** Summaries of one runall, from now on, whoever conducts it. */
  onChange(runallId: string, listener: (summary: RunallSummary) => void): Stop;
}

/** What proves who asked what, and what each node answered. */
export interface Evidence {
  /**
   * Writes what was signed in a run that has ended into one file. Errors: `run.unknown`, `evidence.missing`, `file.unwritable`, `storage.*`.
   */
  export(order: ExportOrder): Promise<Result<ExportedEvidence>>;
}

/** What is known, written out: answers of runs, and the inventory. See docs/guide/reports.md. Each that was written is in the audit. */
export interface Reports {
  /** Those that are written for windows, while people go on with other things. */
  readonly jobs: ReportJobs;
  /** Settles what a report has; nothing is read yet. Errors: `run.unknown`, those of the filter, `usage.invalid`, `storage.*`. */
  open(of: ReportOf, format: ReportFormatName): Promise<Result<OpenReport>>;
  /** Writes one into a file. Errors: those of {@link open}, `file.unwritable`, `report.interrupted`. */
  write(of: ReportOf, format: ReportFormatName, place: ReportPlace): Promise<Result<WrittenReport>>;
  /** Its rows as a text. Errors: those of {@link open}, `report.too_large`. */
  copy(of: ReportOf, format: CopyFormatName): Promise<Result<EndpointResult<'reports.copy'>>>;
}

/** Policies: tried here, and signed for nodes that take them. */
export interface PolicyDesk {
  /** What a node of the inventory would decide. Errors: `node.unknown`, `request.unknown_action`, `request.invalid_input`. */
  check(question: EndpointParams<'policies.check'>): Promise<Result<EndpointResult<'policies.check'>>>;
  /**
   * Signs the files of a folder in the name of the person; gives the bundle in Base64, for action `install` of agent `policies`.
   * Errors: `policy.syntax` when nodes could not use all of it, `frame.oversized`; those of a signer.
   */
  sign(sources: PolicySources): Promise<Result<{ readonly bundle: string; readonly version: number }>>;
}

/** What was done with this console, written down and signed. See docs/guide/audit.md. */
export interface EngineAudit {
  /** Errors: `storage.*`, `home.in_use`. */
  note: ConsoleAudit['note'];
  noteSome: ConsoleAudit['noteSome'];
  /** What all processes of the home wrote, unverified. Errors: `audit.unreadable`. */
  records(query: EndpointParams<'audit.records'>): Promise<Result<EndpointResult<'audit.records'>>>;
  /** Errors: `audit.unreadable`, those of reading the authorities' certificates. */
  verify(): Promise<Result<readonly ChainReport[]>>;
}

/** How fleet and console do, by what is known without asking any node. See `health.*` of the window's contract for the faults. */
export interface EngineHealth {
  get(): Promise<Result<Health>>;
  nodes(params: EndpointParams<'health.nodes'>): Promise<Result<EndpointResult<'health.nodes'>>>;
  identities(params: EndpointParams<'health.identities'>): Promise<Result<readonly string[]>>;
}

/** What people have to be told of the database. */
export interface Notices {
  /** Those that nobody has dismissed, and the trouble that the database is in now. */
  list(): Promise<Result<readonly Notice[]>>;
  dismiss(noticeId: number): Promise<Result<void>>;
  /** Those that no command line has told yet; from then on they count as told. */
  takeUntold(): Promise<Result<readonly Notice[]>>;
  /** Told all notices when they have changed, from now on; of what other processes change within some seconds. */
  onChange(listener: (notices: readonly Notice[]) => void): Stop;
}

/** What the window remembers between starts. */
export interface Preferences {
  get(key: string): Promise<Result<EndpointResult<'preferences.get'>['value']>>;
  set(key: string, value: EndpointParams<'preferences.set'>['value']): Promise<Result<void>>;
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
