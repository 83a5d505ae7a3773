import type { CommandOptions, CommandResult } from '@muster/agent/api';

/** A command line and what it gave. */
export interface Recorded {
  readonly command: string;
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Answers commands from records, each line as often as it is asked; throws for one that nobody recorded. */
export interface RecordedCommands {
  readonly run: (program: string, args?: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
  readonly change: (
    program: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly exitCode: number; readonly output: string }>;
  /** The command lines so far, blanks within an argument as `␣`. */
  readonly lines: readonly string[];
}

export function recordedCommands(records: readonly Recorded[]): RecordedCommands {
  const lines: string[] = [];
  function answer(program: string, args: readonly string[]): Required<Recorded> {
    const command = [program, ...args].map((part) => part.replaceAll(' ', '␣')).join(' ');
    lines.push(command);
    const record = records.find((known) => known.command === command);
    if (record === undefined) throw new Error(`nobody recorded: ${command}`);
    return { exitCode: 0, stdout: '', stderr: '', ...record };
  }
  return {
    lines,
    run: (program, args = []) => {
      const { exitCode, stdout, stderr } = answer(program, args);
      return Promise.resolve({ exitCode, stdout, stderr, signal: null, isCut: false, timedOut: false });
    },
    change: (program, args) => {
      const { exitCode, stdout, stderr } = answer(program, args);
      return Promise.resolve({ exitCode, output: `${stdout}${stderr}` });
    },
  };
}
