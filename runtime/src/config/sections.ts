import { collectivePattern, defaultCollective, identityPattern } from '@muster/protocol/identity';
import { queueTypes } from '@muster/protocol/topology';
import { z } from 'zod';
import { goesInTheClear } from '../proxy/index.ts';
import { compileCertname } from './certnames.ts';

/** The sections that the configurations of agents and consoles share. Paths are relative to the file. */

export const identityName = z
  .string()
  .regex(identityPattern, 'use 1 to 255 letters, digits, underscores, dots and hyphens');

export const collectivesSection = z
  .array(z.string().regex(collectivePattern, 'use 1 to 64 letters, digits, underscores and hyphens'))
  .min(1)
  .default([defaultCollective]);

export const brokerSection = z.strictObject({
  urls: z
    .array(z.url({ protocol: /^amqps$/, error: 'use amqps://host:port' }))
    .min(1)
    .describe(
      'Brokers of one cluster: `amqps://host:port`. The last that took us is tried first, then those after it, round and round.',
    ),
  random_start: z
    .boolean()
    .default(false)
    .describe('Begin with any of the URLs instead of the first, so that a fleet spreads over a cluster.'),
  queue_type: z
    .enum(queueTypes)
    .default('classic')
    .describe(
      'How queues are kept: `classic` on one broker, `quorum` on several of a cluster. Queues that are there keep their type until they are deleted.',
    ),
  username: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Name of an account at the broker that has a password. Without one, the broker knows us by our certificate.',
    ),
  password_file: z.string().min(1).optional().describe('File that holds the password of `username` and nothing else.'),
  server_name: z
    .string()
    .min(1)
    .optional()
    .describe("Name in the broker's certificate, when it is not the host of the URL."),
});
export type BrokerSection = z.infer<typeof brokerSection>;

/** An address of the web; who logs in there stands elsewhere. `error` says what it is to look like. */
export const httpUrl = (error: string) =>
  z.url({ protocol: /^https?$/, error, abort: true }).refine(
    (url) => {
      const { username, password } = new URL(url);
      return username === '' && password === '';
    },
    { error: 'has a user name or a password in it' },
  );

export const proxySection = z
  .strictObject({
    url: httpUrl('use http://host:port or https://host:port').describe(
      'The proxy: `http://host:port` or `https://host:port`. It must let `CONNECT` through to the servers.',
    ),
    username: z.string().min(1).max(255).optional().describe('Who logs in at the proxy; nobody when absent.'),
    password_file: z
      .string()
      .min(1)
      .optional()
      .describe('File that holds the password of `username` and nothing else.'),
    ca: z
      .string()
      .min(1)
      .optional()
      .describe("Authorities that issued the proxy's certificate, PEM; default: those that Node.js knows."),
    except: z
      .array(z.string().regex(/^[\w.:-]{1,255}$/, 'use a name, an address, or .example.com'))
      .default([])
      .describe(
        'Servers that are reached directly: a name or an address, or `.example.com` for all names below it. This machine always is.',
      ),
    allow_http: z
      .boolean()
      .default(false)
      .describe('Whether the password may go in the clear to a proxy on another machine.'),
  })
  .refine(({ username, password_file }) => (username === undefined) === (password_file === undefined), {
    error: '"username" and "password_file" go together',
  })
  .superRefine(({ url, username, allow_http }, context) => {
    if (username !== undefined && !allow_http && goesInTheClear(url))
      context.addIssue({ code: 'custom', path: ['url'], message: 'use https for a password, or say allow_http: true' });
  });
export type ProxySection = z.infer<typeof proxySection>;

const certname = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((pattern, context) => {
    const compiled = compileCertname(pattern);
    if (!compiled.ok) context.addIssue({ code: 'custom', message: compiled.error.message });
  });
/** Patterns of names of certificates; one or a list. */
export const certnames = z.union([certname, z.array(certname).min(1)]);

export const trustSection = z.strictObject({
  ca: z
    .string()
    .min(1)
    .describe("Certificates of the authorities that issued ours, the broker's and everybody else's, PEM."),
  certificate: z.string().min(1).describe('Our own certificate, PEM.'),
  key: z.string().min(1).describe('Its private key, PEM; readable by us alone.'),
  revocations: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Certificates that the authorities took back (CRLs, PEM). Changes are obeyed at once; while the file cannot be read, what it said last stands.',
    ),
  people: certnames
    .optional()
    .describe(
      'Names of people, where an authority writes no roles into certificates, as Puppet does: exact, globs, or `/regular expressions/` of the whole name; one or a list.',
    ),
  nodes: certnames.optional().describe('Names of nodes, likewise. A name that fits both is trusted as neither.'),
});
export type TrustSection = z.infer<typeof trustSection>;
