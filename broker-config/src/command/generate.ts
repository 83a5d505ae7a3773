import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkIdentity, collectivePattern, defaultCollective } from '@muster/protocol/identity';
import { generateBrokerFiles, type GenerateOptions } from '../generate/index.ts';
import { list, readCollectives, type Command } from './command.ts';

const usage = `Usage: node broker-config/dist/main.js generate --out DIR --hosts NAME[,NAME…] [options]
       node broker-config/dist/main.js generate --out DIR --site A=NAME[,NAME…] --site B=NAME[,NAME…] [options]

Writes what a RabbitMQ (3.10 to 4.x) needs to serve Muster.

  --out DIR            where to write; authority, persons and passwords in it are kept
  --hosts A,B          names and addresses of the broker, for its certificate
  --site A=NAME,NAME   instead of --hosts, twice: two brokers that are federated, their sites' names and the names and addresses
                       of each; the other site reaches it by the first
  --passwords          make accounts with passwords as well, one of all nodes and one of each person; without it, who connects is
                       who the certificate says
  --cluster            make each of the hosts (3 or more) a broker of one cluster, with a folder of its own
  --collectives A,B    collectives (default: ${defaultCollective})
  --persons A,B        people who get an account and a certificate
  --folder DIR         where the broker will find the files of DIR/broker (default: /etc/rabbitmq)
  --listener PORT      port, or ADDRESS:PORT, for TLS (default: 5671)
`;

function readSites(texts: readonly string[]): GenerateOptions['sites'] {
  const [one, two, ...more] = texts.map((text) => {
    const [name = '', hosts = ''] = text.split('=', 2);
    const [first, ...others] = list(hosts);
    if (!collectivePattern.test(name)) throw new Error(`"${name}" cannot be the name of a site`);
    if (first === undefined || isIP(first) !== 0)
      throw new Error(`--site ${name} needs a name of its broker, and no address, first: --site ${name}=NAME`);
    return { name, hosts: [first, ...others] as const };
  });
  if (one === undefined) return null;
  if (two === undefined || more.length > 0 || one.name === two.name)
    throw new Error('Two brokers can be federated: --site is needed twice, with different names');
  return [one, two];
}

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
      passwords: { type: 'boolean' },
      site: { type: 'string', multiple: true },
    },
  });
  if (positionals.length > 0) throw new Error(`"${positionals.join(' ')}" is not understood`);
  const hosts = list(values.hosts ?? '');
  const collectives = readCollectives(values.collectives);
  const persons = list(values.persons ?? '');
  const sites = readSites(values.site ?? []);
  if (values.out === undefined || (hosts.length === 0 && sites === null))
    throw new Error('--out, and --hosts or --site, are needed');
  const { cluster = false } = values;
  if (sites !== null && (cluster || hosts.length > 0))
    throw new Error('--site goes with neither --hosts nor --cluster');
  if (cluster && hosts.length < 3) throw new Error('A cluster needs three hosts: most of them must see each other');
  for (const name of persons) if (!checkIdentity(name).ok) throw new Error(`"${name}" cannot be the name of a person`);
  const { folder = '/etc/rabbitmq', listener = '5671' } = values;
  return {
    out: resolve(values.out),
    hosts,
    collectives,
    persons,
    folder,
    listener,
    cluster,
    passwords: values.passwords === true,
    sites,
    clock: () => Date.now(),
    randomBytes,
  };
}

export const generateCommand: Command = {
  usage,
  async run(args) {
    const options = readOptions(args);
    await generateBrokerFiles(options);
    const copied = options.sites === null ? 'folder "broker" to' : 'folders "broker/SITE", one each, to';
    process.stdout.write(`Written to ${options.out}. Copy its ${copied} ${options.folder} of the broker.\n`);
    return 0;
  },
};
