import type { Notice } from '@muster/protocol/bridge';
import { faultText } from './faults.ts';

/** What happened to the database, and what can be done, for a terminal. */
export const noticeText = ({ code, message, mend }: Notice, red: (text: string) => string): string =>
  faultText(mend === '' ? { code, message } : { code, message, mend }, undefined, red);
