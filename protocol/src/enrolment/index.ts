export { fingerprintText, readFingerprint } from './fingerprint-text.ts';
export { enrolmentLimits } from './limits.ts';
export { parseEnrolment, parseEnrolmentAnswer } from './parse.ts';
export {
  answerSchema,
  keyFingerprint,
  waitingSchema,
  type Answer,
  type Ask,
  type Enrolment,
  type EnrolmentAnswer,
  type Waiting,
} from './schema.ts';
