export {
  createAggregator,
  type AggregateFinding,
  type AggregateSummary,
  type Aggregator,
  type ChartBucket,
  type ValueCount,
} from './aggregate.ts';
export { formatPrintf, sparkline, summaryLines } from './aggregate-text.ts';
export {
  convertAgentDdl,
  convertDataDdl,
  pluginNameOfFile,
  type ActionEffect,
  type Imported,
  type ImportOptions,
} from './import/convert-ddl.ts';
export { rubyRegexToRe2 } from './import/convert-validation.ts';
export type { ForeignAction, ForeignAggregate, ForeignDdl, ForeignItem } from './import/foreign-ddl.ts';
export { readAgentDdl, readDataDdl, type ReadDdl } from './import/read-ddl.ts';
export { masked } from './masked.ts';
export { publishedAgentSchema, publishedDataSchema } from './published-schema.ts';
export { readTextInput } from './read-text-input.ts';
export {
  actionSchema,
  agentDdlSchema,
  aggregateSchema,
  dataDdlSchema,
  ddlDepth,
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
