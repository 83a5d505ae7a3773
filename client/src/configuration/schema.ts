import { brokerSection, collectivesSection, identityName, trustSection } from '@muster/runtime/config';
import { z } from 'zod';
import { discoverySection } from '../discovery/index.ts';
import { historySection } from '../retention/index.ts';

/** `console.yaml`. Paths are relative to the file. */
export const consoleSchema = z.strictObject({
  /** The name in the person's certificate. */
  person: identityName,
  collectives: collectivesSection,
  broker: brokerSection,
  trust: trustSection,
  /** Folder of the database and the log. */
  data: z.string().min(1).default('data'),
  discovery: discoverySection,
  history: historySection,
});

export type ConsoleSections = z.infer<typeof consoleSchema>;
