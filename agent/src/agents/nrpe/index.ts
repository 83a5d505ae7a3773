import { existsSync } from 'node:fs';
import { z } from 'zod';
import { textOf } from '../../api/index.ts';
import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { nrpeDefaults } from '../../nrpe/index.ts';
import { absolutePath } from '../settings.ts';
import { nrpeDdl } from './ddl.ts';

/** Whether the node has files of NRPE. */
export const hasNrpe = (settings: Readonly<Record<string, unknown>>): boolean =>
  [textOf(settings, 'conf_file') ?? nrpeDefaults.file, textOf(settings, 'conf_dir') ?? nrpeDefaults.folder].some(
    (path) => existsSync(path),
  );

/** Runs the checks of NRPE. */
export const nrpe = shippedAgent({
  ddl: nrpeDdl,
  module: moduleFile('agents/nrpe/agent'),
  settings: z.strictObject({
    /** NRPE's own configuration. */
    conf_file: absolutePath.default(nrpeDefaults.file),
    /** Folder of further files. */
    conf_dir: absolutePath.default(nrpeDefaults.folder),
    /** Whether checks may be given arguments; by default what `dont_blame_nrpe` says. */
    arguments: z.boolean().optional(),
    /** User that checks run as; by default the agent's own. */
    user: z.string().optional(),
  }),
  activate: ({ settings }) => hasNrpe(settings),
});
