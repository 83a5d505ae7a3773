export { createNodes, type Nodes } from './nodes.ts';
