export {
  createAggregator,
  type AggregateFinding,
  type AggregateSummary,
  type Aggregator,
  type ChartBucket,
  type ValueCount,
} from './aggregate.ts';
export { formatPrintf, sparkline, summaryLines } from './aggregate-text.ts';
export { readTextInput } from './read-text-input.ts';
export {
  actionSchema,
  agentDdlSchema,
  aggregateSchema,
  dataDdlSchema,
  inputSchema,
  inputTypes,
  outputSchema,
  type ActionDefinition,
  type AgentDdl,
  type DataDdl,
  type InputDefinition,
  type OutputDefinition,
  type PluginDdl,
} from './schema.ts';
export { validateInput, validateInputs, withDefaults } from './validate-inputs.ts';
export { validators } from './validators.ts';
