export { createJoins, type JoinDecision, type Joins } from './joins.ts';
