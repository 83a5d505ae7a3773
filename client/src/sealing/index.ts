export { createRecipients, readRecipient, type Recipients } from './recipients.ts';
