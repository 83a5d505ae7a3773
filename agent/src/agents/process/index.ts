import { z } from 'zod';
import { moduleBeside, shippedAgent } from '../../catalogue/shipped-agent.ts';
import { processDdl } from './ddl.ts';

/** Tells of processes. */
export const processAgent = shippedAgent({
  ddl: processDdl,
  module: moduleBeside(import.meta.url, 'agent'),
  settings: z.strictObject({}),
});
