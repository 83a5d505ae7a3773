export { createBrokerUsers, type BrokerUsers, type StaleConnections } from './broker-users.ts';
export { createRabbitmqCtl, type RabbitmqCtl } from './rabbitmqctl.ts';
