export type { AuditPage, AuditRow, AuditVerdict } from './audit-shapes.ts';
export {
  healthAspects,
  skewedFromMs,
  type FleetHealth,
  type Health,
  type HealthAspect,
  type HealthChoice,
  type NodeHealth,
  type RefusedRun,
} from './health-shapes.ts';
export {
  countedValues,
  messageField,
  runActionShape,
  type AnswerGroup,
  type Finding,
  type RunAction,
  type RunAggregate,
} from './answer-shapes.ts';
export { createBridgeClient, type BridgeClient, type Pause, type Transport } from './client.ts';
export {
  codeField,
  comparisonKinds,
  type ComparedNode,
  type ComparedSide,
  type Comparison,
  type ComparisonKind,
} from './comparison-shapes.ts';
export {
  logSeverities,
  type ConsoleAbout,
  type LogLine,
  type LogSeverity,
  type RetentionChoice,
  type RetentionState,
} from './console-shapes.ts';
export {
  endpoints,
  streams,
  type EndpointName,
  type EndpointParams,
  type EndpointResult,
  type StreamItem,
  type StreamName,
  type StreamParams,
} from './contract.ts';
export { callNames, createDispatcher, type Dispatcher } from './dispatcher.ts';
export type {
  EndpointHandlers,
  EngineHandlers,
  EngineSources,
  GuardHandlers,
  GuardSources,
  ProfileHandlers,
  SetupHandlers,
  SetupSources,
  StreamSources,
} from './handlers.ts';
export type { CertificateState, GuardState, GuardStatus, LockReason } from './guard-shapes.ts';
export {
  noteLength,
  type ListedRun,
  type RunMarks,
  type RunNote,
  type RunPin,
  type RunQuery,
} from './history-shapes.ts';
export type { FactChange, FactDifference, NodeCertificate, NodeComparison } from './node-shapes.ts';
export type { Notice } from './notice-shapes.ts';
export {
  notifyEvents,
  notifyEventShape,
  type NotifyDelivery,
  type NotifyEvent,
  type NotifyTarget,
} from './notify-shapes.ts';
export { broughtFields, type BroughtField, type Invitation, type NamedProxy, type SetupState } from './setup-shapes.ts';
export { discoveryMethods, resultDetailShape, runSummaryShape } from './shapes.ts';
export type {
  AgentVersions,
  Amount,
  Batch,
  Rollout,
  Tolerance,
  ConnectionShape,
  Counted,
  DiscoveryChoice,
  DiscoveryMethod,
  Facet,
  FactPath,
  FactType,
  FleetAgent,
  FleetDataPlugin,
  Limit,
  MatchCount,
  NodeDetail,
  NodeRow,
  ResultDetail,
  ResultRow,
  RunOrder,
  RunSummary,
  RunTarget,
  SessionShape,
  Target,
} from './shapes.ts';
export {
  groupDraftShape,
  importModes,
  nameLength,
  namePattern,
  presetDocumentShape,
  presetDraftShape,
  type Group,
  type GroupDraft,
  type ImportMode,
  type ListedGroup,
  type Preset,
  type PresetDocument,
  type PresetDraft,
} from './selection-shapes.ts';
export {
  profileColours,
  profileColourShape,
  profileNamePattern,
  profileNameShape,
  type ListedProfile,
  type ProfileColour,
  type ProfileList,
} from './profile-shapes.ts';
export {
  puppetStates,
  runallNodeStates,
  runallOrderShape,
  runallStates,
  skipReasons,
  type PuppetCounts,
  type PuppetFigures,
  type PuppetNode,
  type PuppetRun,
  type PuppetState,
  type RunallNode,
  type RunallNodeState,
  type RunallOrder,
  type RunallState,
  type RunallSummary,
  type SkipReason,
} from './puppet-shapes.ts';
export {
  recipeDocumentShape,
  recipeDraftShape,
  type Recipe,
  type RecipeDocument,
  type RecipeDraft,
  type RecipePrompt,
} from './recipe-shapes.ts';
export {
  copyFormats,
  reportFormats,
  type CopyFormatName,
  type ReportFormatName,
  type ReportJob,
  type ReportOf,
} from './report-shapes.ts';
export {
  latestMs,
  occurrenceOutcomes,
  scheduleDraftShape,
  upcomingShown,
  type MissedPolicy,
  type Occurrence,
  type OccurrenceOutcome,
  type Schedule,
  type ScheduleDraft,
  type ScheduleTiming,
} from './schedule-shapes.ts';
export { updateVersionsShown, type PackageUpdate } from './software-shapes.ts';
export type { StartTimer } from './stream-book.ts';
