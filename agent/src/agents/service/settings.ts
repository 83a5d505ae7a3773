import { z } from 'zod';
import { providerNames } from './providers/index.ts';

/** What `plugin.d/service.yaml` may say. */
export const serviceSettings = z.strictObject({
  provider: z
    .enum(providerNames)
    .optional()
    .describe('Who looks after services. Default: systemd where it runs, else the scripts in /etc/init.d.'),
});
