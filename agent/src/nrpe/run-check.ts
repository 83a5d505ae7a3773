import { booleanOf, textOf } from '../api/index.ts';
import { commandAs } from '../accounts/index.ts';
import type { RunCommand } from '../processes/index.ts';
import { readNrpe } from './read-commands.ts';
import { splitWords } from './split-words.ts';

/** Where the files of NRPE lie by default: as in Debian and EPEL. */
export const nrpeDefaults = { file: '/etc/nagios/nrpe.cfg', folder: '/etc/nagios/nrpe.d' } as const;

/** What a check said. */
export interface CheckResult {
  /** 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN: of checks that did not work, too. */
  readonly exitcode: 0 | 1 | 2 | 3;
  readonly output: string;
  readonly perfdata: string;
  readonly command: string;
}

/** The checks of a node. */
export interface Checks {
  readonly names: readonly string[];
  /** Runs one with arguments, within a time limit. Never rejects but when the action is aborted. */
  run(name: string, args: readonly string[], limitMs: number): Promise<CheckResult>;
}

/** Most that is kept of what a check writes, in bytes. */
const outputBytes = 64 * 1024;

/** Text and performance data, by the rules for plugins: `TEXT | DATA`, then lines of text, then `| DATA` to the end. */
export function parseOutput(written: string): { readonly output: string; readonly perfdata: string } {
  const texts: string[] = [];
  const data: string[] = [];
  let isData = false;
  for (const [index, line] of written.trimEnd().split('\n').entries()) {
    const bar = isData ? 0 : line.indexOf('|');
    if (bar < 0) texts.push(line);
    else {
      if (!isData) texts.push(line.slice(0, bar));
      data.push(line.slice(isData ? 0 : bar + 1).trim());
      isData = isData || index > 0;
    }
  }
  return {
    output: texts
      .map((text) => text.trimEnd())
      .join('\n')
      .trim(),
    perfdata: data.join(' '),
  };
}

const isState = (code: number | null): code is CheckResult['exitcode'] => code !== null && code >= 0 && code <= 3;

/** The checks that the files say, with the settings of the agent. */
export async function readChecks(settings: Readonly<Record<string, unknown>>, run: RunCommand): Promise<Checks> {
  const nrpe = await readNrpe(
    textOf(settings, 'conf_file') ?? nrpeDefaults.file,
    textOf(settings, 'conf_dir') ?? nrpeDefaults.folder,
  );
  const takesArguments = booleanOf(settings, 'arguments') ?? nrpe.arguments;
  const unknown = (command: string, output: string): CheckResult => ({ exitcode: 3, output, perfdata: '', command });

  return {
    names: [...nrpe.commands.keys()].sort(),
    async run(name, args, limitMs) {
      const line = nrpe.commands.get(name);
      if (line === undefined) return unknown(name, `There is no command ${name}`);
      if (args.length > 0 && !takesArguments) return unknown(name, 'Commands take no arguments on this node');
      const words = splitWords(`${nrpe.prefix} ${line}`.trim(), args);
      if (!words.ok) return unknown(name, words.error.message);
      const [program, ...rest] = words.value;
      if (program === undefined) return unknown(name, `The command line of ${name} is empty`);
      const command = await commandAs(run, textOf(settings, 'user'), [program, ...rest]);
      if (!command.ok) return unknown(name, command.error.message);
      const [first, ...others] = command.value.words;
      const { environment } = command.value;
      const result = await run(first, others, { environment, timeoutMs: limitMs, maxOutputBytes: outputBytes });
      if (result.timedOut) return unknown(name, `The check took longer than ${limitMs / 1000} s`);
      if (result.exitCode === -1) return unknown(name, result.stderr);
      const { exitCode, signal } = result;
      const { output, perfdata } = parseOutput(result.stdout === '' ? result.stderr : result.stdout);
      if (isState(exitCode)) return { exitcode: exitCode, output, perfdata, command: name };
      const how = exitCode === null ? `was ended by ${signal ?? 'a signal'}` : `ended with exit code ${exitCode}`;
      return { ...unknown(name, `The check ${how}: ${output}`), perfdata };
    },
  };
}
