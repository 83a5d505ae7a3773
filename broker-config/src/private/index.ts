export { startPrivateBroker, type PrivateBroker, type PrivateBrokerOptions } from './private-broker.ts';
export { startPrivateCluster, type ClusterMember, type PrivateCluster } from './private-cluster.ts';
