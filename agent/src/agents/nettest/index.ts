import { z } from 'zod';
import { moduleBeside, shippedAgent } from '../../catalogue/shipped-agent.ts';
import { nettestDdl } from './ddl.ts';

/** Tests the network. */
export const nettest = shippedAgent({
  ddl: nettestDdl,
  module: moduleBeside(import.meta.url, 'agent'),
  settings: z.strictObject({}),
  activate: async ({ findProgram }) => (await findProgram('ping')) !== undefined,
});
