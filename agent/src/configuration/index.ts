export { loadConfiguration, type Configuration } from './configuration.ts';
export { isSecretItem, publicSettings } from './public-settings.ts';
export { agentSchema, type AgentSettings } from './schema.ts';
