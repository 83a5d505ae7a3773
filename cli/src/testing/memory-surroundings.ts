import type { Engine } from '@muster/client/engine';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { policyFileKind } from '@muster/protocol/policy';
import type { BackgroundRun, InputKind, Surroundings, TextSink } from '../surroundings.ts';

/** A sink that keeps what was written. */
export interface MemorySink extends TextSink {
  readonly text: () => string;
}

export function memorySink(options: Partial<Omit<TextSink, 'write'>> = {}): MemorySink {
  const written: string[] = [];
  return {
    isTerminal: false,
    isPipe: false,
    colours: false,
    columns: 80,
    ...options,
    write: (text) => void written.push(text),
    drained: () => Promise.resolve(),
    text: () => written.join(''),
  };
}

/** A file as it was written; `secret` when it is for its owner alone. */
interface Written {
  readonly content: string | Uint8Array;
  readonly executable: boolean;
  readonly secret?: true;
}

export interface MemoryWorld {
  readonly surroundings: Surroundings;
  readonly stdout: MemorySink;
  readonly stderr: MemorySink;
  readonly interrupt: () => void;
  /** Homes that were opened. */
  readonly homes: readonly string[];
  /** Files that were written. */
  readonly written: ReadonlyMap<string, Written>;
  /** How they were opened. */
  readonly opened: readonly { readonly offline: boolean }[];
  /** Runs that were left to a process in the background. */
  readonly background: readonly BackgroundRun[];
  /** Questions that were asked on the terminal. */
  readonly questions: readonly string[];
}

export interface MemoryOptions {
  readonly engine?: Engine | Result<never>;
  readonly stdin?: { readonly kind: InputKind; readonly text?: string | null };
  /** How long the command takes to start. */
  readonly runningMs?: number;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly confirm?: boolean;
  /** What a person types when asked for a line. */
  readonly answer?: string;
  /** What a person types when asked for a secret; null interrupts. */
  readonly secret?: string | null;
  /** Whether processes can be started in the background; by default they can. */
  readonly background?: 'impossible';
  /** Whatever waits for time to pass waits for one turn. */
  readonly timeFlies?: boolean;
  readonly stdout?: Partial<Omit<TextSink, 'write'>>;
  readonly stderr?: Partial<Omit<TextSink, 'write'>>;
}

/** Surroundings without a process; time moves 1 ms each time that it is looked at. Without an engine, none can be opened. */
export function memoryWorld(options: MemoryOptions = {}): MemoryWorld {
  const stdout = memorySink(options.stdout);
  const stderr = memorySink(options.stderr);
  const interruption = new AbortController();
  const homes: string[] = [];
  const written = new Map<string, Written>();
  const opened: { offline: boolean }[] = [];
  const questions: string[] = [];
  const background: BackgroundRun[] = [];
  let time = 1_700_000_000_000;
  const surroundings: Surroundings = {
    version: '1.2.3',
    env: options.env ?? {},
    stdout,
    stderr,
    stdin: {
      kind: options.stdin?.kind ?? 'other',
      readAll: () => Promise.resolve(ok(options.stdin?.text ?? null)),
    },
    now: () => (time += 1),
    runningMs: () => options.runningMs ?? 0,
    interrupted: interruption.signal,
    readFile: (path, { longestBytes = Infinity } = {}) => {
      const text = options.files?.[path];
      if (text === undefined) return Promise.resolve(fail('list.malformed', `${path} cannot be read: no such file`));
      return Promise.resolve(text.length > longestBytes ? fail('list.malformed', `${path} is too long`) : ok(text));
    },
    readFolder: (path) => Promise.resolve(fail('list.malformed', `${path} cannot be read: no such folder`)),
    readPolicies: (folder) => {
      const inside = Object.entries(options.files ?? {}).filter(([path]) => path.startsWith(`${folder}/`));
      if (inside.length === 0)
        return Promise.resolve(fail('policy.unreadable', `${folder} cannot be read: no such folder`));
      const named = inside.map(([path, text]) => [path.slice(folder.length + 1), ok(text)] as const);
      const isRead = ([name]: (typeof named)[number]) => policyFileKind(name) !== undefined;
      const others = named.filter((one) => !isRead(one)).map(([name]) => name);
      return Promise.resolve(ok({ sources: new Map(named.filter(isRead)), others: others.sort() }));
    },
    writeFile: (path, content, { replace, executable = false, secret = false }) => {
      if (!replace && (written.has(path) || options.files?.[path] !== undefined))
        return Promise.resolve(fail('file.unwritable', `${path} cannot be written: it is there already`));
      written.set(path, { content, executable, ...(secret ? { secret: true } : {}) });
      return Promise.resolve(ok(undefined));
    },
    openEngine: (home, { offline = false } = {}) => {
      homes.push(home);
      opened.push({ offline });
      const { engine } = options;
      if (engine === undefined) return Promise.resolve(fail('home.missing', `There is no console.yaml in ${home}`));
      return Promise.resolve('ok' in engine ? engine : ok(engine));
    },
    conductInBackground: (run) => {
      if (options.background === 'impossible') return Promise.resolve(fail('internal', 'No process can be started'));
      background.push(run);
      return Promise.resolve(ok(undefined));
    },
    confirm: (question) => {
      questions.push(question);
      return Promise.resolve(options.confirm ?? false);
    },
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(options.answer ?? null);
    },
    askSecret: (prompt) => {
      questions.push(prompt);
      return Promise.resolve(options.secret ?? null);
    },
    every: (_milliseconds, tick) => {
      if (options.timeFlies === true) setImmediate(tick);
      return () => undefined;
    },
  };
  return {
    surroundings,
    stdout,
    stderr,
    interrupt: () => interruption.abort(),
    homes,
    opened,
    written,
    questions,
    background,
  };
}
