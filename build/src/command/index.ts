export { stopRequested, type StopRequest } from './stop-request.ts';
