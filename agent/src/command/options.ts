import { parseArgs } from 'node:util';
import { proxyFromFlags } from '@muster/runtime/enrolment';
import type { JoinCommand } from './join.ts';

/** What the command line of the agent asks for. */
export type CommandLine =
  | { readonly kind: 'run' | 'check'; readonly configFile: string }
  | ({ readonly kind: 'join' } & JoinCommand)
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `Usage: muster-agent --config FILE [--check]
       muster-agent join INVITATION [--identity NAME] [--out DIR] [--replace] [--proxy URL …]

Runs the Muster agent in the foreground, logging JSON lines to standard output; or joins a fleet with an
invitation: makes a key, has it certified, and writes agent.yaml where there is none.

  --config FILE    the configuration (agent.yaml)
  --check          say whether the configuration holds, and end
  --identity NAME  whom to join as (the name in the invitation, or of this machine)
  --out DIR        folder for key, certificate and agent.yaml (.)
  --replace        put others in the place of a key and a certificate that are there
  --proxy URL      the HTTP proxy to the broker: http://HOST:PORT, or https://USER@HOST:PORT where it wants
                   a login; a new agent.yaml names it too (what the agent.yaml in DIR says, if there is one)
  --proxy-password-file FILE  file that holds the password of USER and nothing else
  --proxy-ca FILE             authorities that issued the proxy's certificate (those that Node.js knows)
  --proxy-except SERVER       reached directly: a name, an address, or .example.com; may be repeated
  --proxy-allow-http          let the password go in the clear to a proxy on another machine
  --version        print the version, and end
  --help           print this, and end

Signals: SIGTERM and SIGINT stop it when running actions have finished, SIGUSR1 reads facts
and classes anew, SIGUSR2 moves on to the next log level, SIGHUP opens the log file again.

Exit codes: 0 stopped as asked, or joined, 1 the configuration or the state folder is broken, or it
could not join, 2 the command line is wrong, 3 another agent is connected under this identity.
`;

function readJoin(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      identity: { type: 'string' },
      out: { type: 'string', default: '.' },
      replace: { type: 'boolean', default: false },
      proxy: { type: 'string' },
      'proxy-password-file': { type: 'string' },
      'proxy-ca': { type: 'string' },
      'proxy-except': { type: 'string', multiple: true },
      'proxy-allow-http': { type: 'boolean' },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return { kind: 'wrong', message: 'Name one invitation: join FILE.' };
  const proxy = proxyFromFlags({
    proxy: values.proxy,
    proxyPasswordFile: values['proxy-password-file'],
    proxyCa: values['proxy-ca'],
    proxyExcept: values['proxy-except'],
    proxyAllowHttp: values['proxy-allow-http'],
  });
  if (!proxy.ok) return { kind: 'wrong', message: [proxy.error.message, proxy.error.mend ?? ''].join('.\n').trim() };
  const { out: folder, identity, replace } = values;
  return { kind: 'join', file, folder, identity, replace, proxy: proxy.value };
}

/** Reads the command line. What it does not know is `wrong`. */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    if (args[0] === 'join') return readJoin(args.slice(1));
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
