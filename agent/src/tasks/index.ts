export { chooseFile, type Choice } from './choose-file.ts';
export { createFileCache, type FileCache } from './file-cache.ts';
export { installTask } from './install-task.ts';
export { localTasks } from './local-tasks.ts';
export type { InputMethod, Task, TaskFile, TaskSource } from './metadata.ts';
export { checkParameters } from './parameters.ts';
export { puppetServerTasks, type PuppetServer } from './puppet-server.ts';
