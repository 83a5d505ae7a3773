export {
  abort,
  ActionFailure,
  defineAgent,
  neededToBegin,
  NotBegunError,
  type Action,
  type ActionContext,
  type ActionData,
  type ActionRequest,
  type AgentPlugin,
} from './agent-plugin.ts';
export { defineData, type DataActivation, type DataContext, type DataOutputs, type DataPlugin } from './data-plugin.ts';
export { DataAnswers, filterSubject } from './filter-subject.ts';
export { queryData } from './query-data.ts';
export { TimeLimitError, withinLimit } from './time-limit.ts';
