import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkIdentity, collectivePattern, defaultCollective } from '@muster/protocol/identity';
import { generateBrokerFiles, type GenerateOptions } from './generate/index.ts';

const usage = `Usage: node broker-config/dist/main.js generate --out DIR --hosts NAME[,NAME…] [options]

Writes what a RabbitMQ (3.10 to 4.x) needs to serve Muster.

  --out DIR            where to write; authority, persons and passwords in it are kept
  --hosts A,B          names and addresses of the broker, for its certificate
  --cluster            make each of the hosts (3 or more) a broker of one cluster, with a folder of its own
  --collectives A,B    collectives (default: ${defaultCollective})
  --persons A,B        people who get an account and a certificate
  --folder DIR         where the broker will find the files of DIR/broker (default: /etc/rabbitmq)
  --listener PORT      port, or ADDRESS:PORT, for TLS (default: 5671)
`;

const list = (text: string): string[] => text.split(',').filter((part) => part !== '');

function readOptions(args: readonly string[]): GenerateOptions {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: text,
      hosts: text,
      collectives: text,
      persons: text,
      folder: text,
      listener: text,
      cluster: { type: 'boolean' },
    },
  });
  if (positionals.join(' ') !== 'generate') throw new Error('The only command is "generate"');
  const hosts = list(values.hosts ?? '');
  const collectives = list(values.collectives ?? defaultCollective);
  const persons = list(values.persons ?? '');
  if (values.out === undefined || hosts.length === 0) throw new Error('--out and --hosts are needed');
  const { cluster = false } = values;
  if (cluster && hosts.length < 3) throw new Error('A cluster needs three hosts: most of them must see each other');
  for (const name of persons) if (!checkIdentity(name).ok) throw new Error(`"${name}" cannot be the name of a person`);
  for (const name of collectives) {
    if (!collectivePattern.test(name)) throw new Error(`"${name}" cannot be the name of a collective`);
  }
  const { folder = '/etc/rabbitmq', listener = '5671' } = values;
  return {
    out: resolve(values.out),
    hosts,
    collectives,
    persons,
    folder,
    listener,
    cluster,
    clock: () => Date.now(),
    randomBytes,
  };
}

const args = process.argv.slice(2);
if (args.some((argument) => argument === '--help' || argument === '-h')) {
  process.stdout.write(usage);
} else {
  try {
    const options = readOptions(args);
    await generateBrokerFiles(options);
    process.stdout.write(`Written to ${options.out}. Copy its folder "broker" to ${options.folder} of the broker.\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
  }
}
