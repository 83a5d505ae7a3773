export { commandEnvironment, commandPath } from './environment.ts';
export { findProgram, isExecutable } from './find-program.ts';
export { processTable, type ProcessRecord } from './process-table.ts';
export { killMarked, killTree, signalGroup } from './process-tree.ts';
export { createRunCommand, type CommandOptions, type CommandResult, type RunCommand } from './run-command.ts';
export { runLasting, type LastingResult, type LastingTools } from './run-lasting.ts';
export { startDetached, type DetachedOptions } from './start-detached.ts';
