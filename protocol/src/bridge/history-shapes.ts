import { z } from 'zod';
import { runStates } from '../run/index.ts';
import { idShape, identityShape, runSummaryShape, sliceShape } from './shapes.ts';

/* The history of runs: which of them are looked for, and what people have put on them. */

const runId = idShape;
/** Some runs by name. */
export const runIds = z.array(runId).min(1).max(500);
const timeMs = z.number();
const count = z.int().nonnegative();

/** The longest note, in characters. */
export const noteLength = 4000;

/** Which runs are looked for: those that all of these are true of. */
export const runQueryShape = z.object({
  /** In agent, action, person, filter or name of the target, and notes; or the beginning of an id. Empty for all. */
  search: z.string().max(200),
  agent: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  person: z.string().max(200).optional(),
  /** Runs that this node had a part in. */
  node: identityShape.optional(),
  /** Started at this time or later. */
  sinceMs: timeMs.optional(),
  /** Started before this time. */
  untilMs: timeMs.optional(),
  /** In one of these states; absent or empty for all. */
  states: z.array(z.enum(runStates)).optional(),
  /** Only runs in which some node came to another end than `ok`. */
  hasFailures: z.literal(true).optional(),
  isPinned: z.literal(true).optional(),
});
export type RunQuery = z.infer<typeof runQueryShape>;

/** That nothing but a person may remove a run: who said so, and when. */
export const runPinShape = z.object({ person: z.string(), atMs: timeMs });
export type RunPin = z.infer<typeof runPinShape>;

/** A run as the history lists it. */
export const listedRunShape = runSummaryShape.extend({
  pin: runPinShape.nullable(),
  notes: count,
  /** The newest of them; null when there is none. */
  lastNote: z.string().nullable(),
});
export type ListedRun = z.infer<typeof listedRunShape>;

/** What somebody has written on a run. */
export const runNoteShape = z.object({ noteId: z.int(), person: z.string(), text: z.string(), atMs: timeMs });
export type RunNote = z.infer<typeof runNoteShape>;

/** What people have put on one run; notes with the oldest first. */
export const runMarksShape = z.object({ pin: runPinShape.nullable(), notes: z.array(runNoteShape) });
export type RunMarks = z.infer<typeof runMarksShape>;

export const historyEndpoints = {
  /** Runs, newest first. */
  'runs.list': {
    params: runQueryShape.extend(sliceShape),
    result: z.object({ total: count, runs: z.array(listedRunShape) }),
  },
  /** What there is to choose from: actions and people of all runs, those with the most runs first. */
  'runs.choices': {
    params: z.object({}),
    result: z.object({
      actions: z.array(z.object({ agent: z.string(), action: z.string(), runs: count })),
      people: z.array(z.object({ person: z.string(), runs: count })),
      /** How long runs stay in the database after their end, unless they are pinned; null for ever. */
      keepMs: timeMs.nullable(),
    }),
  },
  'runs.marks': { params: z.object({ runId }), result: runMarksShape },
  /** Writes a note on a run, in the name of the console's person. */
  'runs.annotate': {
    params: z.object({ runId, text: z.string().trim().min(1).max(noteLength) }),
    result: runMarksShape,
  },
  'runs.removeNote': { params: z.object({ runId, noteId: z.int() }), result: runMarksShape },
  /** A pinned run goes neither to the archive by age, nor can it be removed. */
  'runs.pin': { params: z.object({ runIds, isPinned: z.boolean() }), result: z.object({}) },
  /**
   * Takes runs out of the history. They can be restored for an hour at least. `kept` were not removed: `run.pinned`, `run.not_ended`, and `run.unknown` for
   * those that are gone already.
   */
  'runs.remove': {
    params: z.object({ runIds }),
    result: z.object({
      removed: z.array(z.string()),
      kept: z.array(z.object({ runId: z.string(), code: z.enum(['run.pinned', 'run.not_ended', 'run.unknown']) })),
    }),
  },
  /** Takes a removal back; of those that are gone for good nothing is said. */
  'runs.restore': { params: z.object({ runIds }), result: z.object({ restored: z.array(z.string()) }) },
} as const;
