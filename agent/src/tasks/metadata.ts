import { z } from 'zod';

const method = z.enum(['environment', 'stdin', 'both', 'powershell']);

/** One parameter of a task. */
const parameter = z.looseObject({
  description: z.string().optional(),
  type: z.string().max(2000).optional(),
  default: z.json().optional(),
  sensitive: z.boolean().optional(),
});

/** What a task's `NAME.json` says, as far as a node needs to know; the rest is handed on as it is. */
export const metadataSchema = z.looseObject({
  description: z.string().optional(),
  private: z.boolean().optional(),
  supports_noop: z.boolean().optional(),
  input_method: method.optional(),
  parameters: z.record(z.string(), parameter).nullish(),
  files: z.array(z.string()).optional(),
  implementations: z
    .array(
      z.looseObject({
        name: z.string(),
        requirements: z.array(z.string()).optional(),
        input_method: method.optional(),
        files: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
export type TaskMetadata = z.infer<typeof metadataSchema>;
export type InputMethod = z.infer<typeof method>;

/** One of the files that a task needs. */
export interface TaskFile {
  /** `NAME.sh` for the task's own, `MODULE/files/NAME` for others. */
  readonly filename: string;
  readonly sha256: string;
  readonly size: number;
  /** What is in it. Rejects when it cannot be had. */
  read(): Promise<Buffer>;
}

/** A task that was found. */
export interface Task {
  readonly name: string;
  readonly metadata: TaskMetadata;
  readonly files: readonly TaskFile[];
}

/** A place where tasks are looked for. */
export interface TaskSource {
  /** Undefined where it does not have the task. Rejects with a reason for a person when it cannot say. */
  find(name: string, environment: string): Promise<Task | undefined>;
  /** All tasks that are not private, in no order. */
  list(environment: string): Promise<readonly { readonly name: string; readonly description: string }[]>;
}

/** Module and file of a task: `apache` is `init` of the module `apache`. */
export function taskParts(name: string): readonly [module: string, task: string] {
  const [module = '', task = 'init'] = name.split('::');
  return [module, task];
}

/** Largest file of a task, in bytes. */
export const largestFileBytes = 64 * 1024 * 1024;
