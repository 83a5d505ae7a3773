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
export { memberLimits, memberRights, memberRoles, type Member, type MemberLimits, type MemberRole } from './members.ts';
export {
  allRegistrations,
  exchangeName,
  exchangePurposes,
  lockQueueName,
  nodeQueueName,
  registrationKey,
  registryQueueName,
  replyQueueName,
  seatQueueName,
  undeliveredExchange,
  undeliveredKey,
  type ExchangePurpose,
} from './names.ts';
export { nodeRights, personRights, type Permissions, type Rights, type TopicPermissions } from './permissions.ts';
export { mostQueues, queuePolicies, type QueuePolicy } from './policies.ts';
export {
  lockQueue,
  nodeQueue,
  queueTypes,
  registryQueue,
  replyQueue,
  type QueueDeclaration,
  type QueueType,
} from './queues.ts';
