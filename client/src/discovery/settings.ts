import type { DiscoveryChoice } from '@muster/protocol/bridge';
import { discoveryMethods } from '@muster/protocol/bridge';
import { resolveFrom, type TrustSection } from '@muster/runtime/config';
import { z } from 'zod';
import type { ExternalSettings } from './external/external-source.ts';
import type { PuppetDbSettings } from './puppetdb/puppetdb-source.ts';

const seconds = (initial: number) => z.number().positive().max(600).default(initial);
const file = z.string().min(1).optional();

/** Section `discovery` of `console.yaml`: how nodes are found when nobody says otherwise. Paths are relative to the file. */
export const discoverySection = z
  .strictObject({
    method: z.enum(discoveryMethods).default('broadcast').describe('How to find nodes: the default of `--dm`.'),
    timeout: seconds(2).describe('Seconds to wait for answers to a broadcast: the default of `--dt`.'),
    options: z
      .record(z.string(), z.union([z.string(), z.array(z.string())]))
      .default({})
      .describe('Options of the method: the defaults of `--do`.'),
    puppetdb: z
      .strictObject({
        url: z.url({ protocol: /^https$/, error: 'use https://host:port' }).describe('Where PuppetDB answers queries.'),
        ca: file.describe("Authorities that issued PuppetDB's certificate, PEM; default: `trust.ca`."),
        certificate: file.describe('Our certificate for PuppetDB, PEM; default: `trust.certificate`.'),
        key: file.describe('Its private key, PEM; default: `trust.key`.'),
        timeout: seconds(20).describe('Seconds that an answer may take.'),
      })
      .optional(),
    external: z
      .strictObject({
        command: z.array(z.string().min(1)).min(1).describe('Program and arguments; no shell reads them.'),
        protocol: z.enum(['muster', 'choria']).default('muster').describe('How it is asked.'),
        timeout: seconds(30).describe('Seconds that it may take.'),
      })
      .optional(),
  })
  .prefault({});

/** The section with its files found and its times in milliseconds. */
export interface DiscoverySettings {
  readonly choice: DiscoveryChoice;
  readonly puppetdb: PuppetDbSettings | null;
  readonly external: ExternalSettings;
  /** What paths in options are relative to. */
  readonly folder: string;
}

const inMs = (value: number): number => Math.round(value * 1000);

/** `configFile` is `console.yaml`, `trust` its section. */
export function readDiscoverySettings(
  section: z.infer<typeof discoverySection>,
  configFile: string,
  trust: TrustSection,
): DiscoverySettings {
  const { method, options, puppetdb, external } = section;
  const at = (path: string) => resolveFrom(configFile, path);
  const folder = at('.');
  const [program, ...args] = external?.command ?? [];
  return {
    choice: { method, options },
    folder,
    puppetdb:
      puppetdb === undefined
        ? null
        : {
            url: puppetdb.url,
            ca: at(puppetdb.ca ?? trust.ca),
            certificate: at(puppetdb.certificate ?? trust.certificate),
            key: at(puppetdb.key ?? trust.key),
            timeoutMs: inMs(puppetdb.timeout),
          },
    external: {
      command: program === undefined ? null : [program, ...args],
      protocol: external?.protocol ?? 'muster',
      timeoutMs: inMs(external?.timeout ?? 30),
      folder,
    },
  };
}

/** Broadcast and nothing configured: for consoles without a file. */
export const plainDiscovery = (folder: string): DiscoverySettings => ({
  choice: { method: 'broadcast', options: {} },
  folder,
  puppetdb: null,
  external: { command: null, protocol: 'muster', timeoutMs: 30_000, folder },
});
