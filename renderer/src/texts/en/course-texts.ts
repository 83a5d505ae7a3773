import type { RunState } from '@muster/protocol/run';
import { formatNumber } from '../format.ts';

const nodes = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'node' : 'nodes'}`;
const are = (count: number): string => (count === 1 ? 'is' : 'are');

const came = (answers: number): string =>
  answers === 0 ? 'no answer came' : answers === 1 ? 'one answer came' : `${formatNumber(answers)} answers came`;

const became: Readonly<Record<RunState, string>> = {
  discovering: 'still looks for nodes',
  running: 'still runs',
  paused: 'is paused',
  stopping: 'is stopping',
  finished: 'has finished',
  stopped: 'was stopped',
  cancelled: 'was cancelled',
  failed: 'has failed',
};

/** Texts of a run on its way: what it waits for, and what can become of it. */
export const courseTexts = {
  course: {
    pause: 'Pause',
    resume: 'Resume',
    pickUp: 'Resume here',
    stop: 'Stop…',
    cancel: 'Cancel…',
    goOnWith: (count: number) => `Go on with ${nodes(count)}`,
    stopHere: 'Stop here',
    stopTitle: 'Stop this run?',
    stopYes: 'Stop the run',
    cancelTitle: 'Cancel this run?',
    cancelYes: 'Cancel the run',
    no: 'Let it go on',
    nobodyAtWork: 'No node is at work.',
    workToEnd: (count: number) =>
      `${nodes(count)} ${are(count)} at work. ${count === 1 ? 'It finishes, and its answer is' : 'They finish, and their answers are'} kept.`,
    workCancelled: (count: number) =>
      `${nodes(count)} ${are(count)} at work. Where the action has not begun it does not run; where it runs,`,
    endedMidway: 'it is ended midway.',
    notEndedMidway: 'it runs to its end, for this action cannot be ended midway.',
    perhapsEndedMidway: 'it is ended midway if the action can be.',
    notAsked: (count: number) => `${formatNumber(count)} further ${count === 1 ? 'node' : 'nodes'} will not be asked.`,
    awayLeft: (count: number) =>
      `${nodes(count)} that ${are(count)} away ${count === 1 ? 'has' : 'have'} been asked and may still get it until the deadline.`,
    awayDropped: (count: number) => `${nodes(count)} that ${are(count)} away will not run it.`,
    holds: {
      lock: 'Waits for its turn: another run of this action goes on in the collective. It goes on by itself.',
      sleep: 'Pauses between two batches.',
      broker: 'Waits for the broker, and goes on by itself once the connection is back.',
      storage: 'The disk of this console is full: no node is asked, and answers wait, until there is room.',
    },
    goesOnIn: (left: string, when: string) => `Goes on by itself in ${left}, at ${when}.`,
    pausedNote: 'No further node is asked until it is resumed. Those at work go on.',
    stoppingNote: (count: number) => `No further node is asked. Waiting for ${nodes(count)} at work.`,
    cancellingNote: (count: number) =>
      `No further node is asked. ${nodes(count)} at work ${are(count)} told to let it be.`,
    canariesOk: (count: number) => (count === 1 ? 'The canary is OK.' : `${formatNumber(count)} canaries are OK.`),
    canariesMore: (count: number) => `${nodes(count)} ${count === 1 ? 'waits' : 'wait'} for your word.`,
    pausedToo: 'The run is paused; going on ends the pause, too.',
    interrupted: 'No console conducts this run now.',
    interruptedMore: 'Nothing is lost. Resume it to go on where it was; no node runs it twice.',
    figures: {
      atWork: 'at work',
      queued: 'not asked yet',
      canaries: (done: number, total: number) => `${formatNumber(done)} of ${formatNumber(total)} canaries`,
      batch: (number: number, total: number) => `batch ${formatNumber(number)} of ${formatNumber(total)}`,
      failedOf: (allowed: number) => `failed or silent, ${formatNumber(allowed)} may`,
      skipped: 'skipped',
      cancelled: 'cancelled',
      unexpected: 'answered unasked',
    },
    awayUntil: (count: number, when: string, left: string) =>
      `${nodes(count)} ${are(count)} away and ${count === 1 ? 'gets' : 'get'} it until ${when}, for another ${left}`,
    waitsUntil: (when: string) => `Away; gets it until ${when}`,
    arrivals: {
      late: 'This answer came after the node had been given up.',
      unexpected: 'This node answered without having been asked.',
    },
  },
  notices: { dismiss: 'Dismiss this notice' },
  resumedRuns: {
    one: (what: string, answers: number, state: RunState) =>
      `${what} went on while this window was closed: ${came(answers)}, and it ${became[state]}.`,
    interrupted: (what: string) => `${what} was interrupted. Nothing is lost: resume it to go on where it was.`,
    several: (runs: number, answers: number) =>
      `${formatNumber(runs)} runs went on while this window was closed: ${came(answers)}.`,
    open: 'Show',
    dismiss: 'Dismiss',
  },
} as const;
