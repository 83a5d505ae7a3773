export { parseRegistration, parseReply, parseRequest } from './parse.ts';
export {
  outcomes,
  registrationSchema,
  replySchema,
  requestSchema,
  type Outcome,
  type Registration,
  type Reply,
  type Request,
} from './schema.ts';
export { statusCodes, statusTexts, type StatusCode } from './status.ts';
