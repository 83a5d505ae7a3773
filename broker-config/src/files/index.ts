export { advancedConfig } from './advanced-config.ts';
export {
  brokerDefinitions,
  memberDefinitions,
  vhost,
  type BrokerAccounts,
  type BrokerDefinitions,
  type PasswordAccounts,
  type UserDefinitions,
} from './definitions.ts';
export { pluginsOf, type Site } from './site.ts';
export { memberUser, nodeAccount, personAccount, readMemberUser, siteUser } from './users.ts';
export { passwordHash } from './password-hash.ts';
export { rabbitmqConf, type RabbitmqConfOptions } from './rabbitmq-conf.ts';
