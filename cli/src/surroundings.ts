import type { Engine } from '@muster/client/engine';
import type { Result } from '@muster/protocol/errors';
import type { PolicyFolder } from '@muster/runtime/policies';
import type { PassphraseAccess } from './options/passphrase.ts';
import type { ArchiveFile } from './plugins/archives.ts';

/** Where text goes: a terminal, a pipe, a file, or a test's memory. */
export interface TextSink {
  write(text: string): void;
  /** Resolves once there is room for more; at once where there is. */
  drained(): Promise<void>;
  readonly isTerminal: boolean;
  /** A pipe to another process, so that what is written may be the input of the next command. */
  readonly isPipe: boolean;
  /** Colour codes are wanted: a terminal, and neither `NO_COLOR` nor `TERM=dumb`. */
  readonly colours: boolean;
  /** Width in characters; 80 where there is no terminal. */
  readonly columns: number;
}

/** What STDIN is; `other` (sockets, `/dev/null`, closed) is never read unasked. */
export type InputKind = 'terminal' | 'pipe' | 'file' | 'other';

export interface TextSource {
  readonly kind: InputKind;
  /**
   * All text up to the end of the input. With `silentAfterMs`: null when not one byte has arrived by then and the input is
   * still open. Errors: `list.malformed` when it is longer than `longestBytes` (256 MiB by default) or is not UTF-8.
   */
  readAll(options: { readonly silentAfterMs?: number; readonly longestBytes?: number }): Promise<Result<string | null>>;
}

export interface WriteOptions {
  readonly replace: boolean;
  /** Whether people may run it as a program. Default: no. */
  readonly executable?: boolean;
  /** Whether nobody but its owner may read it. Default: no. */
  readonly secret?: boolean;
}

/** A run that a process of its own conducts; both folders are those of the configuration. */
export interface BackgroundRun {
  readonly runId: string;
  readonly home: string;
  readonly dataFolder: string;
}

/** All that the commands need of the world. */
export interface Surroundings {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name of the profile that a command works on, where the person has several. */
  readonly fleet?: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly stdin: TextSource;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long this process is running already, in milliseconds: how slow the machine is. */
  readonly runningMs: () => number;
  /** Aborted when the person interrupts (SIGINT, SIGTERM). */
  readonly interrupted: AbortSignal;
  /** Errors: `list.malformed` when the file cannot be read, is longer than `longestBytes` (256 MiB by default) or is not UTF-8. */
  readFile(path: string, options?: { readonly longestBytes?: number }): Promise<Result<string>>;
  /** The files of a plugin in a folder. Errors: `list.malformed` when it cannot be read or holds too much. */
  readFolder(path: string): Promise<Result<readonly ArchiveFile[]>>;
  /** The files of a folder of policies. Errors: `policy.unreadable` for the folder itself. */
  readPolicies(folder: string): Promise<Result<PolicyFolder>>;
  /** Writes a whole file, and the folders around it. Errors: `file.unwritable`, also when it exists and is not to be replaced. */
  writeFile(path: string, content: string | Uint8Array, options: WriteOptions): Promise<Result<void>>;
  /**
   * `offline` never connects to the broker, and needs no key; `readOnly` runs only actions that read; `serveSchedules` starts what is due.
   */
  openEngine(
    home: string,
    options?: {
      readonly offline?: boolean;
      readonly readOnly?: boolean;
      readonly serveSchedules?: boolean;
    } & PassphraseAccess,
  ): Promise<Result<Engine>>;
  /**
   * Has another process conduct a run, which outlives this one and its terminal, with the passphrase that opened the last engine here. What
   * goes wrong there is told by the log in the data folder. Errors: `internal` when no process can be started.
   */
  conductInBackground(run: BackgroundRun): Promise<Result<void>>;
  /** Asks a yes-or-no question on the terminal; only where `stdin` and `stderr` are terminals. */
  confirm(question: string): Promise<boolean>;
  /** Asks for a line of text; null for the end of the input, or when the person interrupts. Only where {@link confirm} may ask too. */
  ask(question: string): Promise<string | null>;
  /** Asks for a line of text that is not shown while it is typed; null when the person interrupts. Only where {@link confirm} may ask too. */
  askSecret(prompt: string): Promise<string | null>;
  /** Calls `tick` every so often until stopped: what moves on a terminal. */
  readonly every: (milliseconds: number, tick: () => void) => () => void;
}
