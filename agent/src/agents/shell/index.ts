import { z } from 'zod';
import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { absolutePath } from '../settings.ts';
import { shellDdl } from './ddl.ts';

/** Runs commands. A node has it only where its settings say so. */
export const shell = shippedAgent({
  ddl: shellDdl,
  module: moduleFile('agents/shell/agent'),
  settings: z.strictObject({
    /** Folder of the commands that were started; by default in the agent's own state. */
    state_path: absolutePath.optional(),
    /** How long commands that have ended are remembered, in seconds. */
    keep: z.int().min(60).max(31_536_000).default(86_400),
  }),
  activate: () => false,
});
