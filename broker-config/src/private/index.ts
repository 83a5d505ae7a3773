export { startPrivateBroker, type PrivateBroker, type PrivateBrokerOptions } from './private-broker.ts';
