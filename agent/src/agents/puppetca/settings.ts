import { z } from 'zod';
import { absolutePath } from '../settings.ts';

/** What `plugin.d/puppetca.yaml` may say. */
export const puppetCaSettings = z.strictObject({
  cadir: absolutePath
    .optional()
    .describe('The folder of the authority. Default: the first of the usual ones that there is.'),
  command: z
    .array(z.string().min(1))
    .min(1)
    .default(['puppetserver', 'ca'])
    .describe(
      'The words that commands of the authority begin with; what ends in `cert` is taken for `puppet cert` of old.',
    ),
  config: absolutePath.optional().describe("puppet.conf of the command. Default: the command's own."),
});

export type PuppetCaSettings = z.infer<typeof puppetCaSettings>;
