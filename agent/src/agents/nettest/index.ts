import { z } from 'zod';
import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { nettestDdl } from './ddl.ts';

/** Tests the network. */
export const nettest = shippedAgent({
  ddl: nettestDdl,
  module: moduleFile('agents/nettest/agent'),
  settings: z.strictObject({}),
  activate: async ({ findProgram }) => (await findProgram('ping')) !== undefined,
});
