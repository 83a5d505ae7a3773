import type {
  AgentVersions,
  ComparedNode,
  Comparison,
  Counted,
  DiscoveryMethod,
  EndpointParams,
  EndpointResult,
  Facet,
  FactDifference,
  FactPath,
  FleetAgent,
  FleetDataPlugin,
  FleetHealth,
  Group,
  GroupDraft,
  ImportMode,
  MatchCount,
  NodeComparison,
  NodeDetail,
  NodeRow,
  Notice,
  NotifyDelivery,
  Occurrence,
  Preset,
  PresetDocument,
  PresetDraft,
  PuppetFigures,
  PuppetNode,
  Recipe,
  RecipeDraft,
  RefusedRun,
  ReportOf,
  ResultDetail,
  RunAction,
  RunAggregate,
  RunallNode,
  RunallSummary,
  RunMarks,
  RunSummary,
  Schedule,
  ScheduleDraft,
} from '@muster/protocol/bridge';
import type { AgentDdl, PluginDdl } from '@muster/protocol/ddl';
import type { Fault, Result } from '@muster/protocol/errors';
import type { Registration } from '@muster/protocol/messages';
import type { NodeState } from '@muster/protocol/run';

/* What the engine asks of its memory. All calls may fail with `storage.failed`, `storage.corrupt` and `storage.full`. */

/** An answer as it is stored: its data is JSON text already. */
export type StoredAnswer = Omit<ResultDetail, 'data'> & { readonly data: string };

/** How the request to one node fares. */
export interface NodeDelivery {
  readonly identity: string;
  /** When the request was first published; null while the node's turn has not come. Copies have the same time. */
  readonly issuedAtMs: number | null;
  /** When a copy was published last. */
  readonly publishedAtMs: number | null;
  /** How many copies were published, or were about to be. */
  readonly copies: number;
  /** How many of them came back undelivered. */
  readonly returned: number;
  /** When the node last said that it has the request. */
  readonly noticedAtMs: number | null;
}

/** What is needed to go on with a run, beside its summary and its action. */
export interface StoredRunOrder {
  /** By which nodes can tell whether they are meant; null when some are named. */
  readonly filter: string | null;
  /** What the target means. */
  readonly resolved: Pick<NodeSet, 'identities' | 'filter' | 'within'>;
  readonly discoveryTimeoutMs: number | null;
  readonly delivery: 'automatic' | 'directed' | 'broadcast';
  /** The most that a node is waited for after it was asked, whatever it says; null where its limits decide. */
  readonly waitAtMostMs: number | null;
}

/** Where a run stands between its nodes. */
export interface RunProgress {
  /** How its nodes were found. */
  readonly method: DiscoveryMethod;
  /** Where the batch under way began, counted in nodes. */
  readonly batchFrom: number;
  /** When the pause between two batches ends; null when there is none. */
  readonly sleepUntilMs: number | null;
  readonly canaryPassed: boolean;
}

/** What is wanted of a run: that it goes on; that no further node is asked for now, or at all; that nodes let it be. */
export type RunWish = 'go' | 'pause' | 'stop' | 'cancel';

/** A message of a run as it was signed: what proves who asked what, and what a node answered. */
export interface SignedMessage {
  readonly kind: 'request' | 'reply';
  /** The node that was asked, or that answered; null for a request to all that a filter matches. */
  readonly identity: string | null;
  /** The whole frame, in a buffer of its own. */
  readonly frame: Uint8Array;
}

/** Everything about one run that changed since it was written last; stored as one, or not at all. */
export interface RunChanges {
  readonly summary: RunSummary;
  /** Nodes that are asked, in this order; they begin as `queued`. */
  readonly expected?: readonly string[];
  readonly deliveries?: readonly NodeDelivery[];
  /** All nodes in one of `from` go to `to`. */
  readonly moves?: readonly { readonly from: readonly NodeState[]; readonly to: NodeState }[];
  readonly states?: readonly { readonly identity: string; readonly state: NodeState }[];
  readonly answers?: readonly StoredAnswer[];
  /** The first of each kind and node is kept. */
  readonly signed?: readonly SignedMessage[];
  readonly progress?: RunProgress;
  /** Until when nodes may still answer; null when none can. */
  readonly answersUntilMs?: number | null;
  /** What receivers are to be told of it. */
  readonly notifications?: readonly QueuedNotification[];
}

export interface RunWriter {
  /** Stores a new run; `consoleId` says which engine looks after it. A run without `kept` cannot go on in another. */
  insertRun(
    summary: RunSummary,
    consoleId: string,
    described?: RunAction,
    kept?: { readonly order: StoredRunOrder; readonly secrets: string | null },
  ): Promise<Result<void>>;
  /** Secrets of a run that is final are wiped. Errors: `run.taken` when the console does not look after it any more. */
  recordRun(changes: RunChanges, consoleId: string): Promise<Result<void>>;
}

/** A node of a run with what only its conductor needs. */
export interface StoredRunNode extends NodeDelivery {
  readonly state: NodeState;
  readonly answered: boolean;
}

/** A run as its next conductor finds it. */
export interface ClaimedRun {
  readonly summary: RunSummary;
  readonly wanted: WantedOfRun;
  readonly described: RunAction;
  readonly order: StoredRunOrder;
  /** Sensitive inputs, sealed. */
  readonly secrets: string | null;
  /** Null while its nodes are not known. */
  readonly progress: RunProgress | null;
  readonly answersUntilMs: number | null;
  /** Those that were expected, in order of their turns. */
  readonly nodes: readonly StoredRunNode[];
  /** Those that answered without being expected. */
  readonly strangers: readonly string[];
}

/** What is wanted of a run, and whether a person let it go on after its canary. */
export interface WantedOfRun {
  readonly wish: RunWish;
  readonly isReleased: boolean;
}

/** What happened to a run since a revision. */
export interface RunNews {
  readonly summary: RunSummary;
  readonly revision: number;
  readonly answers: readonly ResultDetail[];
}

/** Runs that outlive their console. One console conducts each; a console that is gone (see {@link ConsoleBook}) has lost its own. */
export interface RunKeeper {
  /**
   * Makes the console its conductor. Errors: `run.unknown`, `run.taken`, `run.ended` when it is final and no node can answer any more,
   * `run.interrupted` for one from before runs could go on.
   */
  claimRun(runId: string, consoleId: string, nowMs: number): Promise<Result<ClaimedRun>>;
  releaseRun(runId: string, consoleId: string): Promise<Result<void>>;
  /** Tells whoever conducts it what is wanted. Errors: `run.unknown`, `run.ended`; also for less than what was wanted before. */
  wishRun(runId: string, wish: RunWish): Promise<Result<RunSummary>>;
  wantedOfRun(runId: string): Promise<Result<WantedOfRun>>;
  /** Runs that could go on or get answers, and that nobody conducts. */
  abandonedRuns(nowMs: number): Promise<Result<string[]>>;
  /** With the answers that were stored after that revision. Errors: `run.unknown`. */
  newsOfRun(runId: string, sinceRevision: number): Promise<Result<RunNews>>;
}

/** The history of runs, and what people have put on them. */
export interface RunHistory {
  listRuns(params: EndpointParams<'runs.list'>): Promise<Result<EndpointResult<'runs.list'>>>;
  runChoices(): Promise<Result<Omit<EndpointResult<'runs.choices'>, 'keepMs'>>>;
  /** Errors here: `run.unknown`. */
  runMarks(runId: string): Promise<Result<RunMarks>>;
  annotateRun(runId: string, person: string, text: string, nowMs: number): Promise<Result<RunMarks>>;
  removeRunNote(runId: string, noteId: number): Promise<Result<RunMarks>>;
  /** All or none; `person` null takes the pins away. */
  pinRuns(runIds: readonly string[], person: string | null, nowMs: number): Promise<Result<void>>;
  /** Takes runs out of every list and look-up; pinned ones and those that have not ended stay. */
  removeRuns(runIds: readonly string[], nowMs: number): Promise<Result<EndpointResult<'runs.remove'>>>;
  /** Gives those that were removed and are back. */
  restoreRuns(runIds: readonly string[]): Promise<Result<string[]>>;
  /** Deletes the run for good that was removed first, and before a time, and that gets no answer any more; whether there was one. */
  deleteRemovedRun(beforeMs: number, nowMs: number): Promise<Result<boolean>>;
}

/** Two runs, node by node. Errors: `run.unknown`. */
export interface ComparisonReader {
  compareRuns(params: EndpointParams<'comparisons.get'>): Promise<Result<Comparison>>;
  comparedNodes(params: EndpointParams<'comparisons.nodes'>): Promise<Result<EndpointResult<'comparisons.nodes'>>>;
  /** Nodes by name, behind the last one of the page before. */
  comparisonPage(
    params: Omit<EndpointParams<'comparisons.nodes'>, 'offset'> & { readonly behind: string },
  ): Promise<Result<ComparedNode[]>>;
  comparisonPartners(runId: string): Promise<Result<EndpointResult<'comparisons.partners'>['partners']>>;
}

export interface RunReader {
  getRun(runId: string): Promise<Result<RunSummary>>;
  listResults(params: EndpointParams<'runs.results'>): Promise<Result<EndpointResult<'runs.results'>>>;
  listResultNodes(params: EndpointParams<'runs.resultNodes'>): Promise<Result<EndpointResult<'runs.resultNodes'>>>;
  getResult(runId: string, identity: string): Promise<Result<ResultDetail>>;
  getRunAction(runId: string): Promise<Result<RunAction | null>>;
  summariseRun(runId: string): Promise<Result<RunAggregate[]>>;
  groupAnswers(params: EndpointParams<'runs.groups'>): Promise<Result<EndpointResult<'runs.groups'>>>;
  groupNodes(params: EndpointParams<'runs.groupNodes'>): Promise<Result<string[]>>;
  packageUpdates(params: EndpointParams<'software.updates'>): Promise<Result<EndpointResult<'software.updates'>>>;
  updateNodes(params: EndpointParams<'software.updateNodes'>): Promise<Result<string[]>>;
}

/** A message as it is kept: without its certificate, which the fingerprint names. */
export interface KeptMessage {
  /** Null for a request to all that a filter matches. */
  readonly identity: string | null;
  /** Fingerprint of the certificate. */
  readonly signedBy: string;
  /** See `DetachedFrame`. */
  readonly rest: Uint8Array;
}

/** A row of a run with the answer as the node signed it; null where none is kept. */
export interface ProvenRow {
  readonly row: ResultDetail;
  readonly reply: KeptMessage | null;
}

/** What was signed in a run, page by page; each page goes on behind the last entry of the one before it. */
export interface EvidenceReader {
  /** Those of the certificates that are kept, in DER. */
  evidenceCertificates(fingerprints: readonly string[]): Promise<Result<{ fingerprint: string; der: Uint8Array }[]>>;
  /** By node; that to all comes first. `after` null from the beginning, and '' behind that one. */
  evidenceRequests(runId: string, after: string | null, limit: number): Promise<Result<KeptMessage[]>>;
  /** All rows of the run, by node. */
  evidenceRows(runId: string, after: string, limit: number): Promise<Result<ProvenRow[]>>;
}

type RunReportOf = Extract<ReportOf, { kind: 'run' }>;
type FleetReportOf = Extract<ReportOf, { kind: 'inventory' }>;

/** Which answers a report is of. */
export type AnswersReported = Pick<RunReportOf, 'runId' | 'states' | 'search' | 'filter' | 'sort' | 'identities'>;

/** Who is in a report of a run, in its order, and how many of them are in each state. */
export interface ReportedAnswers {
  readonly identities: readonly string[];
  readonly states: RunSummary['states'];
}

/** Some answers of a report; of the names that were asked for, the first `taken`. One that is there no more has no row. */
export interface ReportSlice {
  readonly rows: readonly ResultDetail[];
  readonly taken: number;
}

export interface RunReportReader {
  reportedAnswers(of: AnswersReported): Promise<Result<ReportedAnswers>>;
  /** The names of outputs, those of most answers first; 500 at most. */
  reportedOutputs(of: AnswersReported): Promise<Result<string[]>>;
  /** Of many large answers only the first come at once. */
  answersOf(runId: string, identities: readonly string[]): Promise<Result<ReportSlice>>;
}

/** Which nodes a report is of. */
export type FleetReported = Pick<FleetReportOf, 'filter' | 'sort' | 'identities'>;

export type ReportedFacet = Facet & { readonly path: string };

export interface FleetReportReader {
  /** In the order of the report. Errors: those of the filter. */
  reportedNodes(of: FleetReported): Promise<Result<string[]>>;
  /** One that is there no more has no row. */
  nodesOf(
    identities: readonly string[],
    shown: { columns: string[]; lists: ('classes' | 'agents' | 'collectives')[] },
  ): Promise<Result<NodeRow[]>>;
  /** The most frequent values of facts among some nodes. */
  facetsOf(identities: readonly string[], paths: readonly string[], limit: number): Promise<Result<ReportedFacet[]>>;
}

export interface RunArchive {
  /** Moves the oldest run that had ended before a time, and whose nodes cannot answer any more, into the folder; whether there was one. */
  archiveOldestRun(folder: string, beforeMs: number, nowMs: number): Promise<Result<boolean>>;
  /** How many runs that would move. */
  countArchivable(beforeMs: number, nowMs: number): Promise<Result<number>>;
  runFigures(): Promise<Result<RunFigures>>;
}

/** How much of history there is in the database. */
export interface RunFigures {
  readonly runs: number;
  /** When the oldest began; null without runs. */
  readonly oldestMs: number | null;
  /** Of the database with its log, on the disk. */
  readonly bytes: number;
}

/** Which engines are alive on this database, so that others can go on with the runs of dead ones. */
export interface ConsoleBook {
  /** Says that this engine is alive, and closes those runs of others that are not which cannot go on; gives how many runs it closed. */
  beat(consoleId: string, nowMs: number): Promise<Result<number>>;
  forgetConsole(consoleId: string): Promise<Result<void>>;
}

export type Digests = Registration['digests'];

/** What a message from a node tells by itself. */
export interface SignOfLife {
  readonly identity: string;
  readonly atMs: number;
  readonly agentVersion?: string;
  readonly clockSkewMs?: number;
  /** How long a registration holds, in milliseconds. */
  readonly heardWithinMs?: number;
  /** It said that it stops. */
  readonly hasStopped?: boolean;
  /** Until when the certificate holds that signed it. */
  readonly certificateUntilMs?: number;
  readonly digests?: Digests;
  readonly recipient?: Omit<AnnouncedRecipient, 'identity'>;
}

/** All that was read from a node. */
export interface ReadNode {
  readonly identity: string;
  readonly atMs: number;
  readonly agentVersion: string;
  readonly clockSkewMs: number;
  readonly certificateUntilMs?: number;
  readonly digests: Digests;
  readonly collectives: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly classes: readonly string[];
  readonly agents: readonly string[];
}

export interface InventoryWriter {
  noteSigns(signs: readonly SignOfLife[]): Promise<Result<void>>;
  storeNodes(nodes: readonly ReadNode[]): Promise<Result<void>>;
  /** The agents and data plugins that all nodes with this digest of agents have. */
  storePlugins(digest: string | null, ddls: readonly PluginDdl[], nowMs: number): Promise<Result<void>>;
  /** The whole fleet was looked for, and is known. */
  noteSweep(nowMs: number): Promise<Result<void>>;
}

/** To what sensitive inputs for a node are sealed, as the node said it in a signed message. */
export interface AnnouncedRecipient {
  readonly identity: string;
  /** `age1…`. */
  readonly recipient: string;
  /** By the node's clock. */
  readonly announcedAtMs: number;
}

export interface RecipientStore {
  /** What a node said before what is known of it already is passed over. */
  noteRecipients(announced: readonly AnnouncedRecipient[]): Promise<Result<void>>;
  /** Those that are known. */
  recipientsOf(identities: readonly string[]): Promise<Result<{ identity: string; recipient: string }[]>>;
  forgetRecipient(identity: string): Promise<Result<void>>;
}

/** Nodes as a target means them. */
export interface NodeSet {
  /** Those that are named. */
  readonly identities: readonly string[];
  /** Who else is meant; null for nobody. */
  readonly filter: string | null;
  /** What every node has to match besides, the named ones too; empty for nothing. */
  readonly within: string;
}

export interface InventoryReader {
  countNodes(filter: string): Promise<Result<MatchCount>>;
  listNodes(params: EndpointParams<'fleet.list'>): Promise<Result<EndpointResult<'fleet.list'>>>;
  /** Errors: `filter.needs_fleet` where only the nodes can tell. */
  identitiesMatching(filter: string): Promise<Result<string[]>>;
  /** Those of the names that nodes of the inventory have. */
  knownIdentities(identities: readonly string[]): Promise<Result<string[]>>;
  getNode(identity: string): Promise<Result<NodeDetail>>;
  factPaths(): Promise<Result<FactPath[]>>;
  factValues(path: string, limit: number, filter: string): Promise<Result<Facet>>;
  classes(filter: string): Promise<Result<Counted[]>>;
  collectives(filter: string): Promise<Result<Counted[]>>;
  facets(params: EndpointParams<'fleet.facets'>): Promise<Result<EndpointResult<'fleet.facets'>>>;
  agents(): Promise<Result<FleetAgent[]>>;
  dataPlugins(): Promise<Result<FleetDataPlugin[]>>;
  /** Versions of an agent among some nodes; what nodes said before `seenSinceMs` is not believed any more. Errors: those of the filters. */
  agentVersions(name: string, among: NodeSet, seenSinceMs: number): Promise<Result<AgentVersions>>;
  /** The DDL learnt last, and when. */
  agentDdl(name: string): Promise<Result<{ ddl: AgentDdl; learntAtMs: number } | null>>;
  /** Nodes whose digests differ from what was read of them, those that are stored side by side in a row. */
  staleNodes(): Promise<Result<string[]>>;
  /** Digests of agents whose DDLs are unknown, each with up to three nodes that can tell. */
  unknownAgents(): Promise<Result<{ digest: string; identities: string[] }[]>>;
  /** When the whole fleet was looked for last; null = never. */
  lastSweep(): Promise<Result<number | null>>;
  fleetRevision(): Promise<Result<{ total: number; revision: number }>>;
}

/** How the fleet does. */
export interface HealthReader {
  /** Nodes are judged as of that moment. */
  fleetHealth(asOfMs: number): Promise<Result<FleetHealth>>;
  healthNodes(params: EndpointParams<'health.nodes'>): Promise<Result<EndpointResult<'health.nodes'>>>;
  healthIdentities(params: EndpointParams<'health.identities'>): Promise<Result<string[]>>;
  /** Runs since then in which nodes refused, the newest 20 of them, and in how many nodes of all of them that was. */
  refusedRuns(sinceMs: number): Promise<Result<{ nodes: number; runs: RefusedRun[] }>>;
}

/** The certificate that signed an answer. */
export interface SignedAnswer {
  readonly fingerprint: string;
  /** When the answer came. */
  readonly seenAtMs: number | null;
  /** The certificate, where it was kept. */
  readonly der: Uint8Array | null;
}

/** What became of nodes, and what they differ in. */
export interface FactHistory {
  factChanges(identity: string): Promise<Result<EndpointResult<'nodes.factChanges'>>>;
  factDifference(identity: string, fromMs: number, toMs: number): Promise<Result<FactDifference[]>>;
  /** Errors: `node.unknown`. */
  compareNodes(first: string, second: string): Promise<Result<NodeComparison>>;
  /** Of the node's last answer in any run that is here. */
  lastSignedBy(identity: string): Promise<Result<SignedAnswer | null>>;
}

/** Why the database cannot be used now, and since when it is so. */
export interface Trouble {
  /** `storage.full` goes by itself; `storage.corrupt` stays until the file is opened anew. */
  readonly fault: Fault;
  readonly sinceMs: number;
}

/** What a person has to be told of the database. */
export interface NoticeStore {
  /** Those that nobody has dismissed, the oldest first. */
  listNotices(): Promise<Result<Notice[]>>;
  /** Those that no command line has told yet; from then on they count as told. */
  takeUntoldNotices(nowMs: number): Promise<Result<Notice[]>>;
  dismissNotice(noticeId: number, nowMs: number): Promise<Result<void>>;
  /** As far as calls have met it. */
  readonly trouble: Trouble | null;
  /** Told when {@link trouble} has changed. */
  onTrouble(listener: () => void): () => void;
}

/** Something that one target has to be told. */
export interface QueuedNotification extends Pick<NotifyDelivery, 'event' | 'about' | 'aboutId' | 'queuedAtMs'> {
  /** The same for the same event of the same run and target: whatever has been queued once is not queued again. */
  readonly notificationId: string;
  /** Its name. */
  readonly target: string;
  /** The document that is sent. */
  readonly body: string;
}

/** A notification that this console, and no other, tries now. */
export interface ClaimedNotification extends QueuedNotification {
  /** How often it was tried before. */
  readonly attempts: number;
}

/** What a person has to be told of a target; the notice begins with its name. */
export interface TargetNotice extends Pick<Notice, 'code' | 'message' | 'mend'> {
  readonly target: string;
}

/** How an attempt ended. */
export interface AttemptEnd extends Pick<NotifyDelivery, 'state' | 'nextAtMs' | 'fault'> {
  readonly atMs: number;
  /** Stored unless the same was told of the target and not dismissed; delivery takes back what was told but of those that were given up. */
  readonly notice: TargetNotice | null;
}

/** How targets fare, in the order in which they were asked for. */
export interface NotificationBook {
  readonly entries: readonly { readonly waiting: number; readonly last: NotifyDelivery | null }[];
}

/** What receivers have to be told; queued by {@link RunWriter.recordRun} and {@link RunallStore.recordRunall}. */
export interface NotificationStore {
  /** Takes the oldest of a target that is due and that no living console tries; null when there is none. */
  claimNotification(target: string, consoleId: string, nowMs: number): Promise<Result<ClaimedNotification | null>>;
  /** Gives one back as if it had not been tried. */
  releaseNotification(notificationId: string, consoleId: string): Promise<Result<void>>;
  /** False when another console has taken it meanwhile. */
  settleNotification(notificationId: string, consoleId: string, end: AttemptEnd): Promise<Result<boolean>>;
  /** Gives up what was queued before a time, with a notice of `message` and the last fault; how many there were. */
  expireNotifications(queuedBeforeMs: number, nowMs: number, message: string, mend: string): Promise<Result<number>>;
  /** When the next one of these targets is due; null when none waits. */
  nextNotification(targets: readonly string[]): Promise<Result<number | null>>;
  notificationBook(targets: readonly string[]): Promise<Result<NotificationBook>>;
  /** Grows with each change, also of other processes. */
  notificationRevision(): Promise<Result<number>>;
}

export interface PreferenceStore {
  getPreference(key: string): Promise<Result<EndpointResult<'preferences.get'>['value']>>;
  setPreference(key: string, value: EndpointParams<'preferences.set'>['value']): Promise<Result<void>>;
}

/** What groups come to, with all that is inside them. */
export interface ExpandedGroups {
  /** Sorted, each once. */
  readonly identities: readonly string[];
  readonly filters: readonly string[];
}

/** Presets and groups; what comes in is checked, but for names of groups. Names are found regardless of case. */
export interface SelectionStore {
  listPresets(): Promise<Result<Preset[]>>;
  /** Errors: `preset.unknown`. */
  getPreset(name: string): Promise<Result<Preset>>;
  /** Errors: `preset.unknown` for `previousName`, `preset.taken`. */
  savePreset(previousName: string | null, draft: PresetDraft, nowMs: number): Promise<Result<Preset>>;
  removePreset(name: string): Promise<Result<void>>;
  listGroups(): Promise<Result<Group[]>>;
  /** Errors: `group.unknown`. */
  getGroup(name: string): Promise<Result<Group>>;
  /** Errors: `group.unknown`, `group.taken`, `group.cycle`. */
  saveGroup(previousName: string | null, draft: GroupDraft, nowMs: number): Promise<Result<Group>>;
  /** Errors: `group.unknown`, `group.in_use`. */
  removeGroup(name: string): Promise<Result<void>>;
  /** Errors: `group.unknown`; `group.cycle` when the stored group `inside` is among what the groups contain. */
  expandGroups(names: readonly string[], inside: string | null): Promise<Result<ExpandedGroups>>;
  /** All or nothing. Errors: `preset.malformed`, `group.cycle`. */
  importSelections(
    document: PresetDocument,
    mode: ImportMode,
    nowMs: number,
  ): Promise<Result<EndpointResult<'presets.import'>>>;
  /** Grows with each change, also of other processes. */
  selectionRevision(): Promise<Result<number>>;
}

/** Recipes; each change grows the revision of the selections. */
export interface RecipeStore {
  listRecipes(): Promise<Result<Recipe[]>>;
  /** Errors: `recipe.unknown`. */
  getRecipe(name: string): Promise<Result<Recipe>>;
  /** Errors: `recipe.unknown` for `previousName`, `recipe.taken`. */
  saveRecipe(previousName: string | null, draft: RecipeDraft, nowMs: number): Promise<Result<Recipe>>;
  removeRecipe(name: string): Promise<Result<void>>;
  /** All or nothing. */
  importRecipes(
    drafts: readonly RecipeDraft[],
    mode: ImportMode,
    nowMs: number,
  ): Promise<Result<EndpointResult<'recipes.import'>>>;
}

/** A schedule as it is kept; the times to come follow from it. */
export type StoredSchedule = Omit<Schedule, 'upcoming'>;

/** An occurrence that was taken; what becomes of one that is `starting` is told by its {@link OccurrenceEnd}. */
export type TakenOccurrence = Omit<Occurrence, 'runId' | 'fault'>;
export type OccurrenceEnd = Pick<Occurrence, 'outcome' | 'runId' | 'fault'>;

export interface ScheduleStore {
  /** Those that run next first. */
  listSchedules(): Promise<Result<StoredSchedule[]>>;
  /** Errors of these: `schedule.unknown`. */
  getSchedule(scheduleId: string): Promise<Result<StoredSchedule>>;
  insertSchedule(schedule: Omit<StoredSchedule, 'last' | 'isPaused'>): Promise<Result<void>>;
  updateSchedule(scheduleId: string, draft: ScheduleDraft, nextAtMs: number | null): Promise<Result<void>>;
  removeSchedule(scheduleId: string): Promise<Result<void>>;
  pauseSchedule(scheduleId: string, isPaused: boolean, nextAtMs: number | null): Promise<Result<void>>;
  /**
   * Takes what is due for this console, in one transaction: only if the next time is still the one that was read, and the schedule is not
   * paused. Gives the number of the last occurrence; null when another process was faster.
   */
  takeOccurrences(
    scheduleId: string,
    times: { readonly expectedMs: number; readonly nextAtMs: number | null },
    occurrences: readonly TakenOccurrence[],
    consoleId: string,
  ): Promise<Result<number | null>>;
  /** Notes one that a person began; gives its number. */
  noteOccurrence(scheduleId: string, occurrence: TakenOccurrence, consoleId: string): Promise<Result<number>>;
  settleOccurrence(occurrenceId: number, end: OccurrenceEnd): Promise<Result<void>>;
  /** Gives those up whose console died before it told what became of them; how many there were. */
  settleLostOccurrences(end: Fault): Promise<Result<number>>;
  listOccurrences(
    params: EndpointParams<'schedules.occurrences'>,
  ): Promise<Result<EndpointResult<'schedules.occurrences'>>>;
  /** Grows with each change, also of other processes. */
  scheduleRevision(): Promise<Result<number>>;
}

/** Something about Puppet on a node. `problem` says why there was no answer; a status takes it back. */
export interface PuppetNews {
  readonly identity: string;
  readonly atMs: number;
  readonly status?: Pick<PuppetNode, 'state' | 'applying' | 'daemonPresent' | 'disableMessage' | 'lastRunAtMs'>;
  readonly run?: PuppetNode['run'];
  readonly problem?: string;
}

export interface PuppetStore {
  notePuppet(news: readonly PuppetNews[]): Promise<Result<void>>;
  /** The whole fleet was asked. */
  notePuppetRefresh(nowMs: number): Promise<Result<void>>;
  puppetOverview(params: EndpointParams<'puppet.overview'>): Promise<Result<EndpointResult<'puppet.overview'>>>;
  puppetFigures(filter: string, nowMs: number): Promise<Result<PuppetFigures>>;
  /** Grows with each change of the overview or of runalls, also of other processes. */
  puppetRevision(): Promise<Result<number>>;
}

/** A node of a runall with what only its conductor needs. */
export interface StoredRunallNode extends RunallNode {
  /** Its place in the queue. */
  readonly turn: number;
  /** The request that asked it to run, stored before it is sent. */
  readonly requestId: string | null;
  /** When the node says that its run was started, in seconds by its own clock. */
  readonly initiatedAt: number | null;
}

export type RunallWish = 'go' | 'pause' | 'cancel';

/** What changed in a runall; stored as one, or not at all. */
export interface RunallChanges {
  readonly summary: RunallSummary;
  readonly nodes: readonly StoredRunallNode[];
  /** These nodes instead of all that were stored: a new iteration. */
  readonly anew?: boolean;
  /** What receivers are to be told of it. */
  readonly notifications?: readonly QueuedNotification[];
}

/** A runall as its next conductor finds it. */
export interface ClaimedRunall {
  readonly summary: RunallSummary;
  readonly wish: RunallWish;
  /** In order of their turns. */
  readonly nodes: readonly StoredRunallNode[];
}

/** Runalls. One console conducts each; a console that is gone (see {@link ConsoleBook}) has lost its own. */
export interface RunallStore {
  insertRunall(summary: RunallSummary, consoleId: string): Promise<Result<void>>;
  /** The new revision. Errors: `runall.taken` when the console does not conduct it any more. */
  recordRunall(changes: RunallChanges, consoleId: string): Promise<Result<number>>;
  /** Makes the console its conductor. Errors: `runall.unknown`, `runall.ended`, `runall.taken`. */
  claimRunall(runallId: string, consoleId: string): Promise<Result<ClaimedRunall>>;
  releaseRunall(runallId: string, consoleId: string): Promise<Result<void>>;
  /** Tells whoever conducts it what is wanted. Errors: `runall.unknown`, `runall.ended`; also for one that is being cancelled. */
  wishRunall(runallId: string, wish: RunallWish): Promise<Result<RunallSummary>>;
  runallWish(runallId: string): Promise<Result<RunallWish>>;
  listRunalls(params: EndpointParams<'runalls.list'>): Promise<Result<EndpointResult<'runalls.list'>>>;
  getRunall(runallId: string): Promise<Result<RunallSummary>>;
  listRunallNodes(params: EndpointParams<'runalls.nodes'>): Promise<Result<EndpointResult<'runalls.nodes'>>>;
}

export interface Storage
  extends
    RunWriter,
    RunReader,
    RunHistory,
    ComparisonReader,
    RunArchive,
    EvidenceReader,
    RunReportReader,
    FleetReportReader,
    RunKeeper,
    ConsoleBook,
    InventoryWriter,
    InventoryReader,
    HealthReader,
    FactHistory,
    RecipientStore,
    NoticeStore,
    NotificationStore,
    PreferenceStore,
    SelectionStore,
    RecipeStore,
    ScheduleStore,
    PuppetStore,
    RunallStore {
  /** Finishes what was asked, then closes the file. */
  close(): Promise<void>;
}
