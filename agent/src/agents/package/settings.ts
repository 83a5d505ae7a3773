import { z } from 'zod';
import { cleanModes } from './clean-modes.ts';
import { providerNames } from './providers/index.ts';

/** What `plugin.d/package.yaml` may say. */
export const packageSettings = z.strictObject({
  provider: z
    .enum(providerNames)
    .optional()
    .describe('The package manager. Default: the first of them whose programs the node has.'),
  root: z
    .string()
    .regex(/^\/[^\0]*$/, 'must be an absolute path')
    .optional()
    .describe("The root directory of the system to manage, such as an image's. Default: the node's own."),
  yum_clean_mode: z.enum(cleanModes).default('all').describe('What `yum_clean` forgets when it is not told.'),
});
