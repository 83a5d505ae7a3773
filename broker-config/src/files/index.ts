export { brokerDefinitions, type BrokerAccounts, type BrokerDefinitions } from './definitions.ts';
export { nodeUser, personUser } from './users.ts';
export { passwordHash } from './password-hash.ts';
export { rabbitmqConf, type RabbitmqConfOptions } from './rabbitmq-conf.ts';
