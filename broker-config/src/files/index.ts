export { brokerDefinitions, type BrokerAccounts, type BrokerDefinitions } from './definitions.ts';
export { federationPlugins, type Site } from './site.ts';
export { nodeUser, personUser, siteUser } from './users.ts';
export { passwordHash } from './password-hash.ts';
export { rabbitmqConf, type RabbitmqConfOptions } from './rabbitmq-conf.ts';
