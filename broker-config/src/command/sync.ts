import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Fault } from '@muster/protocol/errors';
import { createRabbitmqCtl } from '../control/index.ts';
import { syncOnce, watchRegister, type SyncOptions, type SyncTurn } from '../sync/index.ts';
import { readCollectives, type Command } from './command.ts';

const usage = `Usage: node broker-config/dist/main.js sync --register FILE [options]

Makes the users of the RabbitMQ of this machine what the register of the authority says: who holds a good certificate may connect,
and who does no longer is thrown out.

  --register FILE       register.jsonl of the authority, or a copy of it
  --revocations FILE    crl.pem of the authority, to be brought to the broker as well
  --folder DIR          where the broker has its files (default: /etc/rabbitmq)
  --collectives A,B     collectives (default: muster), as said to "generate"
  --watch               go on, and follow every change within seconds
  --rabbitmqctl CMD     how to run RabbitMQ's command line (default: rabbitmqctl), as "docker exec -i broker rabbitmqctl"
`;

interface Wanted {
  readonly options: SyncOptions;
  readonly watch: boolean;
}

function readWanted(args: readonly string[]): Wanted {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      register: text,
      revocations: text,
      folder: text,
      collectives: text,
      rabbitmqctl: text,
      watch: { type: 'boolean' },
    },
  });
  const { register, revocations, folder = '/etc/rabbitmq', rabbitmqctl = 'rabbitmqctl', watch = false } = values;
  if (register === undefined) throw new Error('--register is needed');
  const [program, ...before] = rabbitmqctl.split(/\s+/).filter((word) => word !== '');
  if (program === undefined) throw new Error('--rabbitmqctl is empty');
  return {
    watch,
    options: {
      register: resolve(register),
      revocations: revocations === undefined ? null : { file: resolve(revocations), folder: resolve(folder) },
      collectives: readCollectives(values.collectives),
      ctl: createRabbitmqCtl([program, ...before]),
      clock: () => Date.now(),
    },
  };
}

/** So many names are said; of more, the number. */
const mostNamed = 20;

function named(what: string, users: readonly string[]): string {
  const some = users.length > mostNamed ? '' : `: ${users.join(' ')}`;
  return users.length === 0 ? '' : `${what} ${users.length}${some}\n`;
}

const tell = ({ put, removed, closed, unknown, lists }: SyncTurn): void => {
  process.stdout.write(
    [
      named('may connect now', put),
      named('removed', removed),
      named('sent away, with a certificate that was revoked', closed),
      named('in no register, left alone', unknown),
      named('lists of revoked certificates', lists),
    ].join(''),
  );
};

function tellFault({ code, message, mend }: Fault): void {
  process.stderr.write(`${code}: ${message}${mend === undefined ? '' : ` ${mend}`}\n`);
}

async function watch(options: SyncOptions): Promise<number> {
  const stop = new AbortController();
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => stop.abort());
  await watchRegister(options, { signal: stop.signal, onTurn: tell, onFault: tellFault });
  await ended;
  return 0;
}

export const syncCommand: Command = {
  usage,
  async run(args) {
    const wanted = readWanted(args);
    if (wanted.watch) return watch(wanted.options);
    const done = await syncOnce(wanted.options);
    if (done.ok) tell(done.value);
    else tellFault(done.error);
    return done.ok ? 0 : 1;
  },
};
