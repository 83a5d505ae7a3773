export { auditPuppet, createAskPuppet } from './ask-puppet.ts';
export { createOverview } from './overview.ts';
export { createRunalls } from './runalls.ts';
export { usualTiming, type RunallTiming } from './timing.ts';
