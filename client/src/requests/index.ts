export { askNodes, type AskOrder } from './ask-nodes.ts';
export {
  createConverse,
  type Conversation,
  type ConversationOrder,
  type Converse,
  type VerifiedReply,
} from './conversation.ts';
export { publishDirected, type Sent } from './publish-directed.ts';
export { RejectLog } from './reject-log.ts';
export { createAsk } from './questions.ts';
