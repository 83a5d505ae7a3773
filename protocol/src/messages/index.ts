export { parseNotice, parseRegistration, parseReply, parseRequest } from './parse.ts';
export {
  noticeSchema,
  outcomes,
  registrationSchema,
  replySchema,
  requestSchema,
  sealingRecipient,
  type Notice,
  type Outcome,
  type Registration,
  type Reply,
  type Request,
} from './schema.ts';
export { statusCodes, statusTexts, type StatusCode } from './status.ts';
