import { fingerprintText } from '@muster/protocol/enrolment';
import type { JoinNews } from './join.ts';

/** What is said of {@link JoinNews} on a terminal. */
export function newsText(news: JoinNews): string {
  switch (news.kind) {
    case 'key':
      return `Key      ${fingerprintText(news.fingerprint)}\n`;
    case 'held':
      return 'Waiting  until a person approves it and has compared the key: muster join list\n';
    case 'trouble':
      return `Waiting  ${news.fault.message}. ${news.fault.mend ?? ''}\n`;
  }
}
