export {
  applicantRights,
  applicantTopics,
  authorityExchange,
  authorityPermissions,
  authorityQueue,
  authorityQueueName,
  authorityTopicPermissions,
  enrolmentExchange,
  enrolmentExchanges,
  enrolmentQueue,
  enrolmentQueueName,
  joinPermissions,
  joinTopicPermissions,
  type Applicant,
} from './enrolment.ts';
export {
  allUndelivered,
  federatedExchanges,
  federatedQueuePolicies,
  homewardQueueName,
  sitePermissions,
  siteTopicPermissions,
  undeliveredHereExchange,
  undeliveredThereExchange,
} from './federation.ts';
export {
  allRegistrations,
  exchangeKinds,
  exchangeName,
  lockQueueName,
  nodeQueueName,
  registrationKey,
  registryQueueName,
  replyQueueName,
  undeliveredExchange,
  undeliveredKey,
  type ExchangePurpose,
} from './names.ts';
export {
  nodePermissions,
  nodeTopicPermissions,
  personPermissions,
  personTopicPermissions,
  type Permissions,
  type TopicPermissions,
} from './permissions.ts';
export { queuePolicies, type QueuePolicy } from './policies.ts';
export {
  lockQueue,
  nodeQueue,
  queueTypes,
  registryQueue,
  replyQueue,
  type QueueDeclaration,
  type QueueType,
} from './queues.ts';
