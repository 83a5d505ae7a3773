import { z } from 'zod';
import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { processDdl } from './ddl.ts';

/** Tells of processes. */
export const processAgent = shippedAgent({
  ddl: processDdl,
  module: moduleFile('agents/process/agent'),
  settings: z.strictObject({}),
});
