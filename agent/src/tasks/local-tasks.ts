import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import {
  largestFileBytes,
  metadataSchema,
  taskParts,
  type Task,
  type TaskFile,
  type TaskMetadata,
  type TaskSource,
} from './metadata.ts';

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

/** What a `NAME.json` says; nothing for a task that has none. Throws for one that says something odd. */
async function readMetadata(folder: string, task: string): Promise<TaskMetadata> {
  const file = join(folder, `${task}.json`);
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return {};
  }
  return parseMetadata(text, file);
}

function parseMetadata(text: string, file: string): TaskMetadata {
  try {
    return metadataSchema.parse(JSON.parse(text));
  } catch (thrown) {
    throw new Error(`${file} is no metadata of a task`, { cause: thrown });
  }
}

async function describeFile(path: string, filename: string): Promise<TaskFile> {
  const { size } = await stat(path);
  if (size > largestFileBytes) throw new Error(`${path} is larger than ${largestFileBytes} bytes`);
  const content = await readFile(path);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { filename, sha256, size: content.length, read: () => readFile(path) };
}

/** Paths of the files that metadata asks for: `MODULE/files/NAME`, or a folder with all that is in it. */
async function extraFiles(
  roots: readonly string[],
  wanted: string,
): Promise<Result<readonly (readonly [path: string, name: string])[]>> {
  const parts = wanted.split('/').filter((part) => part !== '');
  if (parts.length < 2 || parts.some((part) => part === '..' || part === '.')) {
    return fail('config.invalid', `The task asks for the file ${wanted}, which is none of a module`);
  }
  const name = parts.join('/');
  for (const root of roots) {
    const path = join(root, name);
    if (!wanted.endsWith('/')) {
      if (await isFile(path)) return ok([[path, name]]);
      continue;
    }
    const found: (readonly [string, string])[] = [];
    for (const entry of await readdir(path, { recursive: true }).catch(() => [])) {
      if (await isFile(join(path, entry))) found.push([join(path, entry), `${name}/${entry}`]);
    }
    if (found.length > 0) return ok(found);
  }
  return fail('config.invalid', `The task asks for the file ${wanted}, which is missing`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const isCode = (entry: string): boolean => !['.json', '.md', ''].includes(parse(entry).ext) || !entry.includes('.');

/** Tasks in folders of modules, where `{environment}` stands for the environment that is asked for. */
export function localTasks(modulePaths: readonly string[]): TaskSource {
  const rootsOf = (environment: string): readonly string[] =>
    modulePaths.map((path) => path.replaceAll('{environment}', environment));

  async function find(name: string, environment: string): Promise<Task | undefined> {
    const [module, task] = taskParts(name);
    const roots = rootsOf(environment);
    for (const root of roots) {
      const folder = join(root, module, 'tasks');
      const entries = await namesIn(folder);
      const own = entries.filter((entry) => isCode(entry) && parse(entry).name === task);
      if (own.length === 0 && !entries.includes(`${task}.json`)) continue;
      const metadata = await readMetadata(folder, task);
      const implementations = metadata.implementations ?? [];
      const code = implementations.length === 0 ? own : implementations.map((implementation) => implementation.name);
      const files = [];
      for (const entry of code.filter((entry) => entries.includes(entry))) {
        files.push(await describeFile(join(folder, entry), entry));
      }
      const wanted = [metadata, ...implementations].flatMap((holder) => holder.files ?? []);
      for (const extra of new Set(wanted)) {
        const found = await extraFiles(roots, extra);
        if (!found.ok) throw new Error(found.error.message);
        for (const [path, filename] of found.value) files.push(await describeFile(path, filename));
      }
      return { name, metadata, files };
    }
    return undefined;
  }

  return {
    find,
    async list(environment) {
      const tasks = new Map<string, { name: string; description: string }>();
      for (const root of rootsOf(environment)) {
        for (const module of await namesIn(root)) {
          const folder = join(root, module, 'tasks');
          const entries = await namesIn(folder);
          for (const task of new Set(entries.map((entry) => parse(entry).name))) {
            const name = task === 'init' ? module : `${module}::${task}`;
            if (!/^[a-z][a-z0-9_]*(::[a-z][a-z0-9_]*)?$/.test(name) || tasks.has(name)) continue;
            // Metadata that is broken hides its own task alone.
            const metadata = await readMetadata(folder, task).catch((): TaskMetadata => ({ private: true }));
            if (metadata.private !== true) tasks.set(name, { name, description: metadata.description ?? '' });
          }
        }
      }
      return [...tasks.values()];
    },
  };
}
