import { collectivePattern, defaultCollective, identityPattern } from '@muster/protocol/identity';
import { z } from 'zod';

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
    .describe('Brokers of one cluster, tried in order: `amqps://host:port`.'),
  username: z.string().min(1).describe('Name of the account at the broker.'),
  password_file: z.string().min(1).describe('File that holds the password and nothing else.'),
  server_name: z
    .string()
    .min(1)
    .optional()
    .describe("Name in the broker's certificate, when it is not the host of the URL."),
});
export type BrokerSection = z.infer<typeof brokerSection>;

export const trustSection = z.strictObject({
  ca: z
    .string()
    .min(1)
    .describe("Certificates of the authorities that issued ours, the broker's and everybody else's, PEM."),
  certificate: z.string().min(1).describe('Our own certificate, PEM.'),
  key: z.string().min(1).describe('Its private key, PEM; readable by us alone.'),
});
export type TrustSection = z.infer<typeof trustSection>;
