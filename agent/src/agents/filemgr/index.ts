import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { absolutePath } from '../settings.ts';
import { z } from 'zod';
import { filemgrDdl } from './ddl.ts';

/** Touches, removes and describes files. */
export const filemgr = shippedAgent({
  ddl: filemgrDdl,
  module: moduleFile('agents/filemgr/agent'),
  settings: z.strictObject({
    /** File of the actions that are not told one. */
    touch_file: absolutePath.default('/var/run/muster.plugin.filemgr.touch'),
  }),
});
