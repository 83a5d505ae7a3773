import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { readCurrentInput } from './current-input.ts';
import { HangWatch, type HangLimits } from './hang-watch.ts';
import { MemoryWatch, memoryLimits } from './memory-watch.ts';
import type { ChildMessage, ChildOrders, Finding, Progress } from './messages.ts';

export interface SuperviseOptions {
  /** Module of the target. */
  readonly file: string;
  readonly seedFolder: string;
  readonly seed: number;
  readonly seconds: number;
  readonly runs?: number;
  readonly hangLimits?: HangLimits;
  /** Most processes that are replaced; default 20. */
  readonly mostReplaced?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly onFinding: (finding: Finding) => void;
  readonly signal?: AbortSignal;
}

/** How the fuzzing of a target went. */
export interface Outcome {
  readonly progress: Progress | undefined;
  readonly memory: { readonly first: number; readonly last: number; readonly highestRss: number };
  /** Inputs worth keeping; undefined when no process came to its end. */
  readonly seeds: readonly Uint8Array[] | undefined;
  /** Processes that hung or died and were replaced. */
  readonly replaced: number;
}

const watchMs = 200;

interface Life {
  readonly seeds: readonly Uint8Array[] | undefined;
  readonly progress: Progress | undefined;
  /** Inputs that it tried. */
  readonly tried: number;
}

const sum = (progress: Progress | undefined, before: number): Progress | undefined =>
  progress && { ...progress, executions: progress.executions + before };

/** Fuzzes one target in processes of its own, so that what hangs or dies is told and not suffered. */
export async function supervise(options: SuperviseOptions): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-fuzz-'));
  const [corpusFolder, currentFile] = [join(folder, 'corpus'), join(folder, 'current')];
  const memory = new MemoryWatch();
  const endMs = performance.now() + options.seconds * 1000;
  let executions = 0;
  let replaced = 0;
  try {
    await mkdir(corpusFolder);
    for (;;) {
      await writeFile(currentFile, '');
      const seconds = Math.max(0, (endMs - performance.now()) / 1000);
      const { file, seedFolder, seed, runs } = options;
      const before = executions;
      const life = await live(
        { file, seedFolder, corpusFolder, currentFile, seed: seed + replaced, seconds, runs: runs ?? null },
        { ...options, onProgress: (progress) => options.onProgress?.(sum(progress, before) ?? progress) },
        memory,
      );
      executions += life.tried;
      const over = life.seeds !== undefined || options.signal?.aborted === true || performance.now() >= endMs;
      if (over || replaced === (options.mostReplaced ?? 20)) {
        const progress = life.progress && { ...life.progress, executions };
        return { progress, memory: memory.figures, seeds: life.seeds, replaced };
      }
      replaced++;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The life of one process, from its start to its end. */
async function live(orders: ChildOrders, options: SuperviseOptions, memory: MemoryWatch): Promise<Life> {
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [JSON.stringify(orders)], {
    execArgv: ['--expose-gc', `--max-old-space-size=${memoryLimits.heapMiB}`, '--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-8_000)));
  let progress: Progress | undefined;
  let seeds: readonly Uint8Array[] | undefined;
  child.on('message', (message: ChildMessage) => {
    if (message.type === 'finding') return options.onFinding(message.finding);
    ({ progress } = message);
    if (message.type === 'done') ({ seeds } = message);
    const grown = memory.add(progress.memory);
    if (grown !== undefined) options.onFinding(grown);
    options.onProgress?.(progress);
  });
  const hang = watch(child, orders.currentFile, options.hangLimits);
  const stop = () => child.kill('SIGKILL');
  options.signal?.addEventListener('abort', stop);
  try {
    const end = await exitOf(child);
    const current = readCurrentInput(orders.currentFile);
    const killed = hang.stop();
    if (killed !== undefined) options.onFinding(killed);
    else if (seeds === undefined && options.signal?.aborted !== true) {
      options.onFinding({ kind: 'death', key: `death ${end}`, text: `${end}\n${errors}`, input: current.input });
    }
    return { seeds, progress, tried: Math.max(current.number, progress?.executions ?? 0) };
  } finally {
    hang.stop();
    options.signal?.removeEventListener('abort', stop);
  }
}

const exitOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code ?? ''}`));
  });

/** Kills the process when it takes too long over one input; `stop` ends the watch and tells whether that happened. */
function watch(child: ChildProcess, currentFile: string, limits: HangLimits | undefined) {
  const { pid } = child;
  const hangWatch = pid === undefined ? undefined : new HangWatch(pid, limits);
  let finding: Finding | undefined;
  const timer = setInterval(() => {
    const current = readCurrentInput(currentFile);
    const reason = hangWatch?.look(current.number, performance.now());
    if (reason === undefined || finding !== undefined) return;
    finding = { kind: 'hang', key: 'hang', text: reason, input: current.input };
    child.kill('SIGKILL');
  }, watchMs);
  return {
    stop: (): Finding | undefined => {
      clearInterval(timer);
      return finding;
    },
  };
}
