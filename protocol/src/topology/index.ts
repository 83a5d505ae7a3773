export {
  allRegistrations,
  exchangeKinds,
  exchangeName,
  nodeQueueName,
  registrationKey,
  registryQueueName,
  replyQueueName,
  type ExchangePurpose,
} from './names.ts';
export { nodePermissions, personPermissions, type Permissions } from './permissions.ts';
export { nodeQueue, registryQueue, replyQueue, type QueueDeclaration } from './queues.ts';
