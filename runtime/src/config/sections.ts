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
  /** Brokers of one cluster, tried in order: `amqps://host:port`. */
  urls: z.array(z.url({ protocol: /^amqps$/, error: 'use amqps://host:port' })).min(1),
  username: z.string().min(1),
  /** File that holds the password and nothing else. */
  password_file: z.string().min(1),
  /** Name in the broker's certificate, when it is not the host of the URL. */
  server_name: z.string().min(1).optional(),
});
export type BrokerSection = z.infer<typeof brokerSection>;

export const trustSection = z.strictObject({
  /** Certificates of the authorities that issued ours, the broker's and everybody else's, PEM. */
  ca: z.string().min(1),
  /** Our own certificate, PEM. */
  certificate: z.string().min(1),
  /** Its private key, PEM; readable by us alone. */
  key: z.string().min(1),
});
export type TrustSection = z.infer<typeof trustSection>;
