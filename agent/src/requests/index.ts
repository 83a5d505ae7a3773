export { createAudit } from './audit.ts';
export type { Authorizer, Decision } from './authorizer.ts';
export { createCanceller, type Cancelled, type CancelWish } from './cancel.ts';
export { createFaultLog, type FaultLog } from './fault-log.ts';
export { createGate } from '../limits/gate.ts';
export { createRequestHandler, type HandlerParts, type RequestHandler } from './handler.ts';
export {
  journalFiles,
  openJournal,
  type Answered,
  type Asked,
  type Journal,
  type JournalFiles,
  type OpenFile,
} from './journal/index.ts';
export type { LiveRequest } from './live-request.ts';
export { createReplySender } from './reply-sender.ts';
export { StoppedError } from './run-action.ts';
export { whenUp, whenUpAgain } from './when-up.ts';
