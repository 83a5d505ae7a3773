import { z } from 'zod';
import { shippedAgent } from '../../catalogue/shipped-agent.ts';
import { moduleFile } from '../../module-files.ts';
import { absolutePath } from '../settings.ts';
import { tasksDdl } from './ddl.ts';

const codeFolders = ['/etc/puppetlabs/code', '/etc/puppet/code'];

/** What `plugin.d/tasks.yaml` may say. */
export const tasksSettings = z.strictObject({
  /** Folders of modules, the first that has a task counts. `{environment}` stands for the environment that is asked for. */
  module_paths: z
    .array(absolutePath)
    .max(50)
    .default(codeFolders.flatMap((folder) => [`${folder}/environments/{environment}/modules`, `${folder}/modules`])),
  /** The Puppet Server to ask for what these do not have, and the node's certificate for it. */
  puppet_server: z
    .strictObject({
      url: z.url({ protocol: /^https$/ }),
      certificate: absolutePath,
      key: absolutePath,
      ca: absolutePath,
    })
    .optional(),
  /** How long `run_and_wait` waits, in seconds. */
  wait: z.number().min(1).max(65).default(60),
  /** How long tasks that have ended, and files that nobody uses, are kept, in seconds. */
  keep: z.int().min(60).max(31_536_000).default(604_800),
  /** Folder that tasks are laid out in while they run. Programs in it must be allowed to run. */
  work_folder: absolutePath.default('/tmp'),
});

/** Runs Puppet tasks. */
export const tasks = shippedAgent({
  ddl: tasksDdl,
  module: moduleFile('agents/tasks/agent'),
  settings: tasksSettings,
});
