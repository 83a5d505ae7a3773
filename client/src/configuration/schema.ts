import { brokerSection, collectivesSection, identityName, proxySection, trustSection } from '@muster/runtime/config';
import { z } from 'zod';
import { discoverySection } from '../discovery/index.ts';
import { guardSection } from '../guard/settings.ts';
import { notifySection } from '../notify/settings.ts';
import { historySection } from '../retention/index.ts';

/** `console.yaml`. Paths are relative to the file. */
export const consoleSchema = z.strictObject({
  /** The name in the person's certificate. */
  person: identityName,
  collectives: collectivesSection,
  broker: brokerSection
    .extend({
      certificate: z
        .string()
        .min(1)
        .optional()
        .describe('Certificate for the connection to the broker alone, PEM; that of `trust` when absent.'),
      key: z.string().min(1).optional().describe('Its private key, PEM.'),
    })
    .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
      error: '"certificate" and "key" go together',
    }),
  /** To the broker, and to receivers of notifications. */
  proxy: proxySection.optional(),
  /** `key` may be `ssh-agent`. */
  trust: trustSection,
  guard: guardSection,
  renewal: z
    .strictObject({
      automatic: z
        .boolean()
        .default(true)
        .describe('Whether a console that stays open asks the authority for its next certificate in time.'),
    })
    .prefault({}),
  /** Folder of the database and the log. */
  data: z.string().min(1).default('data'),
  discovery: discoverySection,
  history: historySection,
  notify: notifySection,
});

export type ConsoleSections = z.infer<typeof consoleSchema>;
