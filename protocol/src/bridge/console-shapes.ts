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
  history: z.object({
    /** How long runs stay, in milliseconds; null for ever. */
    keepMs: z.number().nullable(),
    evidence: z.boolean(),
    archive: z.string(),
  }),
  /** What runs it: names with versions. */
  runsOn: z.array(z.object({ name: z.string(), version: z.string() })),
});
export type ConsoleAbout = z.infer<typeof consoleAboutShape>;

export const consoleEndpoints = {
  'console.about': { params: z.object({}), result: consoleAboutShape },
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
