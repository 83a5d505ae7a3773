export { errorCatalogue, type BlastRadius, type ErrorCode, type Retry } from './catalogue.ts';
export { fail, faultFrom, MusterError, ok, unwrap, type Fault, type Result, type TextSpan } from './fault.ts';
