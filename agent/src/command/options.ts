import { parseArgs } from 'node:util';

/** What the command line of the agent asks for. */
export type CommandLine =
  | { readonly kind: 'run' | 'check'; readonly configFile: string }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `Usage: muster-agent --config FILE [--check]

Runs the Muster agent in the foreground, logging JSON lines to standard output.

  --config FILE  the configuration (agent.yaml)
  --check        say whether the configuration holds, and end
  --version      print the version, and end
  --help         print this, and end

Signals: SIGTERM and SIGINT stop it when running actions have finished, SIGUSR1 reads facts
and classes anew, SIGUSR2 moves on to the next log level, SIGHUP opens the log file again.

Exit codes: 0 stopped as asked, 1 the configuration or the state folder is broken,
2 the command line is wrong, 3 another agent is connected under this identity.
`;

/** Reads the command line. What it does not know is `wrong`. */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        check: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    if (values.version) return { kind: 'version' };
    if (values.config === undefined) return { kind: 'wrong', message: 'Name the configuration with --config FILE.' };
    return { kind: values.check ? 'check' : 'run', configFile: values.config };
  } catch (thrown) {
    return { kind: 'wrong', message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
