import { z } from 'zod';
import {
  agentVersionsShape,
  connectionShape,
  countedShape,
  facetShape,
  factPathShape,
  filterText,
  fleetAgentShape,
  fleetDataPluginShape,
  identityShape,
  matchShape,
  nameListShape,
  nodeDetailShape,
  nodeRowShape,
  idShape,
  resultDetailShape,
  resultRowShape,
  runOrderShape,
  runSummaryShape,
  sessionShape,
  sliceShape,
  sortShape,
  targetShape,
} from './shapes.ts';
import {
  answerChoiceShape,
  answerGroupShape,
  ignoredFieldsShape,
  mostNames,
  runActionShape,
  runAggregateShape,
} from './answer-shapes.ts';
import { auditEndpoints } from './audit-shapes.ts';
import { comparisonEndpoints } from './comparison-shapes.ts';
import { consoleEndpoints } from './console-shapes.ts';
import { guardEndpoints, guardStreams } from './guard-shapes.ts';
import { historyEndpoints } from './history-shapes.ts';
import { healthEndpoints } from './health-shapes.ts';
import { joinEndpoints } from './join-shapes.ts';
import { nodeEndpoints } from './node-shapes.ts';
import { noticeEndpoints, noticeStreams } from './notice-shapes.ts';
import { notifyEndpoints, notifyStreams } from './notify-shapes.ts';
import { policyEndpoints } from './policy-shapes.ts';
import { profileEndpoints } from './profile-shapes.ts';
import { puppetEndpoints, puppetStreams } from './puppet-shapes.ts';
import { recipeEndpoints } from './recipe-shapes.ts';
import { reportEndpoints, reportStreams } from './report-shapes.ts';
import { scheduleEndpoints, scheduleStreams } from './schedule-shapes.ts';
import { setupEndpoints, setupStreams } from './setup-shapes.ts';
import { selectionEndpoints, selectionStreams } from './selection-shapes.ts';
import { softwareEndpoints } from './software-shapes.ts';

const nothing = z.object({});
const runId = idShape;
const collective = z.string().max(64).optional();
const factPath = z.string().max(300);
const facetLimit = z.int().min(1).max(500);

/**
 * Every call that the window may make of the engine. Handlers, the window's client and the shell's allow-list derive
 * from this table. No call returns a key, and none signs bytes that it is given.
 */
export const endpoints = {
  'session.get': { params: nothing, result: sessionShape },
  /** Counts nodes of the inventory, as all calls but `fleet.discover` and `fleet.refresh` do without any traffic. Faults: those of the filter. */
  'fleet.count': { params: z.object({ filter: filterText }), result: matchShape },
  /**
   * A slice of the matching nodes. `columns` are paths of facts; `sort.by` is `@identity`, `@lastSeen` or any path of a fact: numbers by
   * size, then texts with the numbers inside them by size, and nodes without the fact last in both directions.
   */
  'fleet.list': {
    params: z.object({
      filter: filterText,
      columns: z.array(factPath).max(50),
      lists: z.array(nameListShape).max(3).optional(),
      sort: sortShape,
      ...sliceShape,
    }),
    result: matchShape.extend({ rows: z.array(nodeRowShape) }),
  },
  'fleet.node': { params: z.object({ identity: identityShape }), result: nodeDetailShape },
  /** Every path of a fact, hashes on the way included, by name; of more than 10,000 those that most nodes have. */
  'fleet.factPaths': { params: nothing, result: z.object({ paths: z.array(factPathShape) }) },
  /** The most frequent values of a fact, among all nodes or those that match. */
  'fleet.factValues': {
    params: z.object({ path: factPath, limit: facetLimit, filter: filterText.optional() }),
    result: facetShape,
  },
  /** Every class by name, with the number of nodes that have it, of all or of those that match. */
  'fleet.classes': {
    params: z.object({ filter: filterText.optional() }),
    result: z.object({ classes: z.array(countedShape) }),
  },
  /** The same for collectives. */
  'fleet.collectives': {
    params: z.object({ filter: filterText.optional() }),
    result: z.object({ collectives: z.array(countedShape) }),
  },
  /** Everything that a sidebar shows beside a filter, at once; `limit` is for each facet. */
  'fleet.facets': {
    params: z.object({ filter: filterText, paths: z.array(factPath).max(50), limit: facetLimit }),
    result: matchShape.extend({
      facts: z.array(facetShape.extend({ path: z.string() })),
      classes: facetShape,
      agents: facetShape,
      collectives: facetShape,
    }),
  },
  /** Reads names of nodes out of any text: lines, commas, blanks, quotes, ranges such as `web[01-20]`. Each name comes once. */
  'fleet.resolve': {
    params: z.object({ text: z.string().max(2_000_000) }),
    result: z.object({
      known: z.array(z.string()),
      /** Names that could be nodes, but none of the inventory. */
      unknown: z.array(z.string()),
      malformed: z.array(z.object({ text: z.string(), message: z.string() })),
    }),
  },
  /** Asks the fleet itself. `missing` match in the inventory and did not answer; `surplus` the other way round; both are empty when only the fleet can tell. */
  'fleet.discover': {
    params: z.object({ filter: filterText, collective, timeoutMs: z.int().positive().max(600_000).optional() }),
    result: z.object({
      identities: z.array(z.string()),
      missing: z.array(z.string()),
      surplus: z.array(z.string()),
      durationMs: z.number(),
    }),
  },
  /** Reads facts, classes and agents of all nodes whose digests changed. */
  'fleet.refresh': { params: nothing, result: z.object({ nodes: z.int(), updated: z.int() }) },
  /** The agents of the fleet with their DDLs and versions. */
  'actions.list': { params: nothing, result: z.object({ agents: z.array(fleetAgentShape) }) },
  /** The data plugins that filters may ask on some node. */
  'actions.dataPlugins': { params: nothing, result: z.object({ plugins: z.array(fleetDataPluginShape) }) },
  /**
   * The versions of an agent that the nodes of a target have, with their DDLs. A filter that asks data plugins counts every node that may match.
   * Faults: those of the filter, `preset.unknown`, `group.unknown`.
   */
  'actions.versions': {
    params: z.object({ agent: z.string().max(64), target: targetShape }),
    result: agentVersionsShape,
  },
  'runs.start': { params: runOrderShape, result: z.object({ runId }) },
  'runs.get': { params: z.object({ runId }), result: runSummaryShape },
  /** Asks no further node until the run is resumed. Faults of these four: `run.unknown`, `run.ended`. */
  'runs.pause': { params: z.object({ runId }), result: runSummaryShape },
  /**
   * Goes on after a pause, after a canary where `hold` says that word on it is wanted, and with a run that no console conducts any more. One that another
   * console conducts is wanted to go on, and its conductor obeys soon. So it is with all four.
   */
  'runs.resume': { params: z.object({ runId }), result: runSummaryShape },
  /** Asks no further node, which makes them `skipped`; those that were asked may finish. */
  'runs.stop': { params: z.object({ runId }), result: runSummaryShape },
  /** Asks no further node, which makes them `cancelled`, and asks those that have the request to let it be. */
  'runs.cancel': { params: z.object({ runId }), result: runSummaryShape },
  /**
   * A slice of a run's answers. `search` looks in identity, message and data; `sort.by` is `@identity`, `@state`, `@elapsed` or an output.
   * Faults of all calls that choose answers: those of the filter, `usage.invalid` for conditions that say nothing of an answer.
   */
  'runs.results': {
    params: z.object({ ...answerChoiceShape, sort: sortShape, ...sliceShape }),
    result: z.object({ total: z.int(), rows: z.array(resultRowShape) }),
  },
  /** The names of the nodes of a slice, in the same order. */
  'runs.resultNodes': {
    params: z.object({
      ...answerChoiceShape,
      sort: sortShape,
      offset: sliceShape.offset,
      limit: z.int().min(1).max(mostNames),
    }),
    result: z.object({ identities: z.array(z.string()) }),
  },
  /** The action of a run as it was described then; null for runs from before that was kept. */
  'runs.action': { params: z.object({ runId }), result: z.object({ described: runActionShape.nullable() }) },
  /** The aggregates of the run's action over all answers that are here, in the order of the DDL. */
  'runs.summaries': {
    params: z.object({ runId }),
    result: z.object({ summaries: z.array(runAggregateShape) }),
  },
  /** A slice of the groups of identical answers, the largest first. */
  'runs.groups': {
    params: z.object({ ...answerChoiceShape, ignore: ignoredFieldsShape, ...sliceShape }),
    result: z.object({
      total: z.int(),
      /** How many nodes are in all groups. */
      nodes: z.int(),
      groups: z.array(answerGroupShape),
      /** What the others are compared with: the largest group of successful answers, else of any answers; null without answers. */
      majority: answerGroupShape.nullable(),
    }),
  },
  /** The names of all nodes of one group, sorted; empty when the answers of the run have changed, so that there is no such group any more. */
  'runs.groupNodes': {
    params: z.object({ ...answerChoiceShape, ignore: ignoredFieldsShape, key: z.string().max(64) }),
    result: z.object({ identities: z.array(z.string()) }),
  },
  'runs.result': { params: z.object({ runId, identity: identityShape }), result: resultDetailShape },
  ...nodeEndpoints,
  ...historyEndpoints,
  ...comparisonEndpoints,
  ...selectionEndpoints,
  ...recipeEndpoints,
  ...softwareEndpoints,
  ...scheduleEndpoints,
  ...puppetEndpoints,
  ...noticeEndpoints,
  ...notifyEndpoints,
  ...guardEndpoints,
  ...setupEndpoints,
  ...healthEndpoints,
  ...joinEndpoints,
  ...auditEndpoints,
  ...policyEndpoints,
  ...consoleEndpoints,
  ...profileEndpoints,
  ...reportEndpoints,
  /** What the window remembers between starts: view, columns, theme. The value is the window's own. */
  'preferences.get': {
    params: z.object({ key: z.string().max(100) }),
    result: z.object({ value: z.json().nullable() }),
  },
  'preferences.set': { params: z.object({ key: z.string().max(100), value: z.json() }), result: nothing },
} as const;

/** What the window may listen to. Each stream tells the present state first; what comes faster than it is asked for is replaced by what is newer. */
export const streams = {
  'session.changes': { params: nothing, item: connectionShape },
  /** The number of nodes, whenever nodes come, go or change. */
  'fleet.changes': { params: nothing, item: z.object({ total: z.int(), revision: z.int() }) },
  /** The summary of one run while it is not final. */
  'runs.changes': { params: z.object({ runId }), item: runSummaryShape },
  ...selectionStreams,
  ...puppetStreams,
  ...scheduleStreams,
  ...noticeStreams,
  ...notifyStreams,
  ...reportStreams,
  ...guardStreams,
  ...setupStreams,
} as const;

export type EndpointName = keyof typeof endpoints;
export type EndpointParams<N extends EndpointName> = z.input<(typeof endpoints)[N]['params']>;
export type EndpointResult<N extends EndpointName> = z.output<(typeof endpoints)[N]['result']>;

export type StreamName = keyof typeof streams;
export type StreamParams<N extends StreamName> = z.input<(typeof streams)[N]['params']>;
export type StreamItem<N extends StreamName> = z.output<(typeof streams)[N]['item']>;
