import { fail, ok, type Result } from '@muster/protocol/errors';
import type { InputMethod, Task, TaskFile } from './metadata.ts';

/** What of a task is run, and how it is told its parameters. */
export interface Choice {
  readonly main: TaskFile;
  readonly method: Exclude<InputMethod, 'powershell'>;
  /** The files that it needs beside the one that is run. */
  readonly others: readonly TaskFile[];
}

const refuse = (message: string) => fail('request.invalid_input', message);

/** Whether metadata names a file, itself or the folder that it is in. */
const isWanted = (file: TaskFile, wanted: readonly string[]): boolean =>
  wanted.some((name) => (name.endsWith('/') ? file.filename.startsWith(name) : file.filename === name));

/** Picks the implementation that fits the node, or the only file. Errors: `request.invalid_input` when there is none. */
export function chooseFile(
  { name, metadata, files }: Task,
  asked: InputMethod | undefined,
  features: ReadonlySet<string>,
): Result<Choice> {
  const implementations = metadata.implementations ?? [];
  const implementation = implementations.find(({ requirements = [] }) =>
    requirements.every((feature) => features.has(feature)),
  );
  if (implementations.length > 0 && implementation === undefined) {
    return refuse(`No implementation of ${name} fits this node`);
  }
  const own = files.filter(({ filename }) => !filename.includes('/'));
  const fitting = implementation === undefined ? own : own.filter(({ filename }) => filename === implementation.name);
  const [main, ...more] = fitting;
  if (main === undefined) return refuse(`The task ${name} has no file to run`);
  if (more.length > 0) return refuse(`The task ${name} has several files and does not say which to run`);
  const method = asked ?? implementation?.input_method ?? metadata.input_method ?? 'both';
  if (method === 'powershell' || main.filename.endsWith('.ps1')) {
    return refuse(`The task ${name} needs PowerShell, which this node does not have`);
  }
  const wanted = [...(metadata.files ?? []), ...(implementation?.files ?? [])];
  return ok({ main, method, others: files.filter((file) => isWanted(file, wanted)) });
}
