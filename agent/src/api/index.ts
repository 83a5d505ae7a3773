export type {
  ActionCall,
  ActionRequest,
  ActivationCall,
  AgentModule,
  CommandOptions,
  CommandResult,
  DetachedOptions,
  ModuleAction,
  ModuleLog,
  NodeAbout,
  RunCommand,
} from './agent-module.ts';
export { booleanOf, hashOf, numberOf, requiredText, textOf } from './inputs.ts';
