export { askNodes, type AskOrder } from './ask-nodes.ts';
export {
  createConverse,
  type Conversation,
  type ConversationOrder,
  type Converse,
  type Validity,
} from './conversation.ts';
export type { Sent } from './publish-directed.ts';
export { publishCopies, type Published } from './publish-copies.ts';
export type { DeadCopy, VerifiedReply } from './read-delivery.ts';
export { RejectLog } from './reject-log.ts';
export { createAsk } from './questions.ts';
