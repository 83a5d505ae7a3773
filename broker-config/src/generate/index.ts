export { generateBrokerFiles, type GenerateOptions } from './generate-broker-files.ts';
