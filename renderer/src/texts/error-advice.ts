import type { ErrorCode } from '@muster/protocol/errors';

/** What a person reads when something fails, and what they can do about it when the fault does not say so itself. */
export interface ErrorAdvice {
  readonly title: string;
  readonly mend: string;
}

/** Every failure that can reach the window. A new code does not compile until each language has it. */
export type ErrorGuide = Readonly<Record<ErrorCode, ErrorAdvice>>;

export const advice = (title: string, mend: string): ErrorAdvice => ({ title, mend });
