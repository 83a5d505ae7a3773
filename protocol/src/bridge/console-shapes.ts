import { z } from 'zod';

/** What a line of the console's log may be as bad as, the worst first. */
export const logSeverities = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogSeverity = (typeof logSeverities)[number];

export const logLineShape = z.object({
  /** Null for a line that says no time. */
  atMs: z.number().nullable(),
  level: z.enum(logSeverities),
  message: z.string(),
  /** What else the line says, by name. Secrets were left out when it was written. */
  about: z.record(z.string(), z.json()),
});
export type LogLine = z.infer<typeof logLineShape>;

/** Where this console lives and what its `console.yaml` says; nothing that is secret. */
export const consoleAboutShape = z.object({
  version: z.string(),
  /** Absolute paths on the computer of the console. */
  home: z.string(),
  dataFolder: z.string(),
  brokerUrls: z.array(z.string()),
  /** The proxy that the broker and receivers of notifications are reached through; null for directly. */
  proxy: z
    .object({
      url: z.string(),
      /** Who logs in there; null for nobody. */
      username: z.string().nullable(),
      /** Servers that are reached directly. */
      except: z.array(z.string()),
    })
    .nullable(),
  /** What runs it: names with versions. */
  runsOn: z.array(z.object({ name: z.string(), version: z.string() })),
});
export type ConsoleAbout = z.infer<typeof consoleAboutShape>;

/** How long runs stay in the database. */
export const retentionChoiceShape = z.object({
  /** Days that runs stay after their end, unless they are pinned; null for ever. */
  keepDays: z.int().min(1).max(36_500).nullable(),
  /** Whether requests and answers are kept as they were signed. */
  evidence: z.boolean(),
});
export type RetentionChoice = z.infer<typeof retentionChoiceShape>;

export const retentionShape = retentionChoiceShape.extend({
  /** Absolute path of the folder for older runs. */
  archive: z.string(),
  /** Number of runs in the database. */
  runs: z.int(),
  /** When the oldest of them began; null without runs. */
  oldestMs: z.number().nullable(),
  /** Size of the database with its log. */
  databaseBytes: z.int(),
  archivedRuns: z.int(),
  archiveBytes: z.int(),
});
export type RetentionState = z.infer<typeof retentionShape>;

export const consoleEndpoints = {
  'console.about': { params: z.object({}), result: consoleAboutShape },
  /** Faults: `file.unreadable`, `storage.*`. */
  'console.retention': { params: z.object({}), result: retentionShape },
  /** How many runs would go to the archive, were it changed so. Faults: `storage.*`. */
  'console.previewRetention': {
    params: retentionChoiceShape.pick({ keepDays: true }),
    result: z.object({ runs: z.int() }),
  },
  /**
   * Writes it into `console.yaml`, from when on it holds; what is older goes to the archive. Faults: `console.read_only`, `config.*`,
   * `file.unwritable`.
   */
  'console.changeRetention': { params: retentionChoiceShape, result: z.object({}) },
  /**
   * Lines of the console's own log, the newest first: those at least as bad as `level` that hold `search`, among what stands in the last
   * part of the file. `isCut`: there is more, in the file or of what fits. Fault: `file.unreadable`.
   */
  'console.log': {
    params: z.object({
      level: z.enum(logSeverities),
      search: z.string().max(200),
      limit: z.int().min(1).max(1000),
    }),
    result: z.object({ lines: z.array(logLineShape), isCut: z.boolean() }),
  },
} as const;
