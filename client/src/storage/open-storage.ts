import { ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import type { Storage } from './storage.ts';
import { TroubleWatch } from './trouble-watch.ts';
import { WorkerLink } from './worker-link.ts';

export interface StorageOptions {
  /** Path of the SQLite file; made with its folder when missing. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Calls that take at least this long are logged, in milliseconds. Default 200. */
  readonly slowFromMs?: number;
}

/**
 * Opens the database in a thread of its own.
 *
 * Errors: `storage.corrupt` when the file is damaged and another process has it open, `storage.failed`, `storage.full`.
 */
export async function openStorage(options: StorageOptions): Promise<Result<Storage>> {
  const { file, clock, logger, slowFromMs = 200 } = options;
  const watch = new TroubleWatch(clock);
  const opened = await WorkerLink.open(
    { file, nowMs: clock(), slowFromMs },
    {
      onSlow: (call, durationMs) => logger.warn({ call, durationMs: Math.round(durationMs) }, 'slow storage call'),
      onAnswer: (call, result) => watch.hear(call, result),
    },
  );
  if (!opened.ok) return opened;
  const link = opened.value;
  return ok({
    insertRun: (summary, consoleId, described, kept) => link.call('insertRun', summary, consoleId, described, kept),
    recordRun: (changes, consoleId) => link.call('recordRun', changes, consoleId),
    claimRun: (runId, consoleId, nowMs) => link.call('claimRun', runId, consoleId, nowMs),
    releaseRun: (runId, consoleId) => link.call('releaseRun', runId, consoleId),
    wishRun: (runId, wish) => link.call('wishRun', runId, wish),
    wantedOfRun: (runId) => link.call('wantedOfRun', runId),
    abandonedRuns: (nowMs) => link.call('abandonedRuns', nowMs),
    newsOfRun: (runId, sinceRevision) => link.call('newsOfRun', runId, sinceRevision),
    listRuns: (params) => link.call('listRuns', params),
    runChoices: () => link.call('runChoices'),
    runMarks: (runId) => link.call('runMarks', runId),
    annotateRun: (runId, person, text, nowMs) => link.call('annotateRun', runId, person, text, nowMs),
    removeRunNote: (runId, noteId) => link.call('removeRunNote', runId, noteId),
    pinRuns: (runIds, person, nowMs) => link.call('pinRuns', runIds, person, nowMs),
    removeRuns: (runIds, nowMs) => link.call('removeRuns', runIds, nowMs),
    restoreRuns: (runIds) => link.call('restoreRuns', runIds),
    deleteRemovedRun: (beforeMs, nowMs) => link.call('deleteRemovedRun', beforeMs, nowMs),
    compareRuns: (params) => link.call('compareRuns', params),
    comparedNodes: (params) => link.call('comparedNodes', params),
    comparisonPage: (params) => link.call('comparisonPage', params),
    comparisonPartners: (runId) => link.call('comparisonPartners', runId),
    getRun: (runId) => link.call('getRun', runId),
    listResults: (params) => link.call('listResults', params),
    listResultNodes: (params) => link.call('listResultNodes', params),
    getResult: (runId, identity) => link.call('getResult', runId, identity),
    getRunAction: (runId) => link.call('getRunAction', runId),
    summariseRun: (runId) => link.call('summariseRun', runId),
    groupAnswers: (params) => link.call('groupAnswers', params),
    groupNodes: (params) => link.call('groupNodes', params),
    packageUpdates: (params) => link.call('packageUpdates', params),
    updateNodes: (params) => link.call('updateNodes', params),
    evidenceCertificates: (fingerprints) => link.call('evidenceCertificates', fingerprints),
    evidenceRequests: (runId, after, limit) => link.call('evidenceRequests', runId, after, limit),
    evidenceRows: (runId, after, limit) => link.call('evidenceRows', runId, after, limit),
    reportedAnswers: (of) => link.call('reportedAnswers', of),
    reportedOutputs: (of) => link.call('reportedOutputs', of),
    answersOf: (runId, identities) => link.call('answersOf', runId, identities),
    reportedNodes: (of) => link.call('reportedNodes', of),
    nodesOf: (identities, shown) => link.call('nodesOf', identities, shown),
    facetsOf: (identities, paths, limit) => link.call('facetsOf', identities, paths, limit),
    archiveOldestRun: (folder, beforeMs, nowMs) => link.call('archiveOldestRun', folder, beforeMs, nowMs),
    countArchivable: (beforeMs, nowMs) => link.call('countArchivable', beforeMs, nowMs),
    runFigures: () => link.call('runFigures'),
    beat: (consoleId, nowMs) => link.call('beat', consoleId, nowMs),
    forgetConsole: (consoleId) => link.call('forgetConsole', consoleId),
    noteSigns: (signs) => link.call('noteSigns', signs),
    noteRecipients: (announced) => link.call('noteRecipients', announced),
    recipientsOf: (identities) => link.call('recipientsOf', identities),
    forgetRecipient: (identity) => link.call('forgetRecipient', identity),
    storeNodes: (nodes) => link.call('storeNodes', nodes),
    storePlugins: (digest, ddls, nowMs) => link.call('storePlugins', digest, ddls, nowMs),
    noteSweep: (nowMs) => link.call('noteSweep', nowMs),
    countNodes: (filter) => link.call('countNodes', filter),
    listNodes: (params) => link.call('listNodes', params),
    identitiesMatching: (filter) => link.call('identitiesMatching', filter),
    knownIdentities: (identities) => link.call('knownIdentities', identities),
    getNode: (identity) => link.call('getNode', identity),
    fleetHealth: (asOfMs) => link.call('fleetHealth', asOfMs),
    healthNodes: (params) => link.call('healthNodes', params),
    healthIdentities: (params) => link.call('healthIdentities', params),
    refusedRuns: (sinceMs) => link.call('refusedRuns', sinceMs),
    factPaths: () => link.call('factPaths'),
    factValues: (path, limit, filter) => link.call('factValues', path, limit, filter),
    classes: (filter) => link.call('classes', filter),
    collectives: (filter) => link.call('collectives', filter),
    facets: (params) => link.call('facets', params),
    agents: () => link.call('agents'),
    dataPlugins: () => link.call('dataPlugins'),
    agentVersions: (name, among, seenSinceMs) => link.call('agentVersions', name, among, seenSinceMs),
    agentDdl: (name) => link.call('agentDdl', name),
    staleNodes: () => link.call('staleNodes'),
    unknownAgents: () => link.call('unknownAgents'),
    lastSweep: () => link.call('lastSweep'),
    fleetRevision: () => link.call('fleetRevision'),
    factChanges: (identity) => link.call('factChanges', identity),
    factDifference: (identity, fromMs, toMs) => link.call('factDifference', identity, fromMs, toMs),
    compareNodes: (first, second) => link.call('compareNodes', first, second),
    lastSignedBy: (identity) => link.call('lastSignedBy', identity),
    get trouble() {
      return watch.trouble;
    },
    onTrouble: (listener) => watch.onChange(listener),
    listNotices: () => link.call('listNotices'),
    takeUntoldNotices: (nowMs) => link.call('takeUntoldNotices', nowMs),
    dismissNotice: (noticeId, nowMs) => link.call('dismissNotice', noticeId, nowMs),
    claimNotification: (target, consoleId, nowMs) => link.call('claimNotification', target, consoleId, nowMs),
    releaseNotification: (notificationId, consoleId) => link.call('releaseNotification', notificationId, consoleId),
    settleNotification: (notificationId, consoleId, end) =>
      link.call('settleNotification', notificationId, consoleId, end),
    expireNotifications: (queuedBeforeMs, nowMs, message, mend) =>
      link.call('expireNotifications', queuedBeforeMs, nowMs, message, mend),
    nextNotification: (targets) => link.call('nextNotification', targets),
    notificationBook: (targets) => link.call('notificationBook', targets),
    notificationRevision: () => link.call('notificationRevision'),
    getPreference: (key) => link.call('getPreference', key),
    setPreference: (key, value) => link.call('setPreference', key, value),
    listPresets: () => link.call('listPresets'),
    getPreset: (name) => link.call('getPreset', name),
    savePreset: (previousName, draft, nowMs) => link.call('savePreset', previousName, draft, nowMs),
    removePreset: (name) => link.call('removePreset', name),
    listRecipes: () => link.call('listRecipes'),
    getRecipe: (name) => link.call('getRecipe', name),
    saveRecipe: (previousName, draft, nowMs) => link.call('saveRecipe', previousName, draft, nowMs),
    removeRecipe: (name) => link.call('removeRecipe', name),
    importRecipes: (drafts, mode, nowMs) => link.call('importRecipes', drafts, mode, nowMs),
    listGroups: () => link.call('listGroups'),
    getGroup: (name) => link.call('getGroup', name),
    saveGroup: (previousName, draft, nowMs) => link.call('saveGroup', previousName, draft, nowMs),
    removeGroup: (name) => link.call('removeGroup', name),
    expandGroups: (names, inside) => link.call('expandGroups', names, inside),
    importSelections: (document, mode, nowMs) => link.call('importSelections', document, mode, nowMs),
    selectionRevision: () => link.call('selectionRevision'),
    listSchedules: () => link.call('listSchedules'),
    getSchedule: (scheduleId) => link.call('getSchedule', scheduleId),
    insertSchedule: (schedule) => link.call('insertSchedule', schedule),
    updateSchedule: (scheduleId, draft, nextAtMs) => link.call('updateSchedule', scheduleId, draft, nextAtMs),
    removeSchedule: (scheduleId) => link.call('removeSchedule', scheduleId),
    pauseSchedule: (scheduleId, isPaused, nextAtMs) => link.call('pauseSchedule', scheduleId, isPaused, nextAtMs),
    takeOccurrences: (scheduleId, times, occurrences, consoleId) =>
      link.call('takeOccurrences', scheduleId, times, occurrences, consoleId),
    noteOccurrence: (scheduleId, occurrence, consoleId) =>
      link.call('noteOccurrence', scheduleId, occurrence, consoleId),
    settleOccurrence: (occurrenceId, end) => link.call('settleOccurrence', occurrenceId, end),
    settleLostOccurrences: (end) => link.call('settleLostOccurrences', end),
    listOccurrences: (params) => link.call('listOccurrences', params),
    scheduleRevision: () => link.call('scheduleRevision'),
    notePuppet: (news) => link.call('notePuppet', news),
    notePuppetRefresh: (nowMs) => link.call('notePuppetRefresh', nowMs),
    puppetOverview: (params) => link.call('puppetOverview', params),
    puppetFigures: (filter, nowMs) => link.call('puppetFigures', filter, nowMs),
    puppetRevision: () => link.call('puppetRevision'),
    insertRunall: (summary, consoleId) => link.call('insertRunall', summary, consoleId),
    recordRunall: (changes, consoleId) => link.call('recordRunall', changes, consoleId),
    claimRunall: (runallId, consoleId) => link.call('claimRunall', runallId, consoleId),
    releaseRunall: (runallId, consoleId) => link.call('releaseRunall', runallId, consoleId),
    wishRunall: (runallId, wish) => link.call('wishRunall', runallId, wish),
    runallWish: (runallId) => link.call('runallWish', runallId),
    listRunalls: (params) => link.call('listRunalls', params),
    getRunall: (runallId) => link.call('getRunall', runallId),
    listRunallNodes: (params) => link.call('listRunallNodes', params),
    close: () => link.close(),
  });
}
