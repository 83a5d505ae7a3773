import { errorCatalogue, type BlastRadius, type ErrorCode, type Retry } from './catalogue.ts';

/** Where in a text a fault lies: offsets in UTF-16 code units, `end` exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** A failure as a value: it crosses processes and the window as it is. */
export interface Fault {
  readonly code: ErrorCode;
  /** What happened, for a person, in one sentence without the code. */
  readonly message: string;
  /** What to do about it, where something can be said. */
  readonly mend?: string;
  /** Where, in faults about a text such as a filter. */
  readonly position?: TextSpan;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Fault };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** Longest message of a fault, and longest mend, in characters: what others wrote is quoted in some, however long it is. */
const longestMessage = 2000;

const shown = (message: string): string =>
  message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;

/** A failure. What is too long to be shown is cut. */
export const fail = (
  code: ErrorCode,
  message: string,
  { mend, ...more }: Omit<Fault, 'code' | 'message'> = {},
): { readonly ok: false; readonly error: Fault } => ({
  ok: false,
  error: { code, message: shown(message), ...(mend === undefined ? {} : { mend: shown(mend) }), ...more },
});

/** A fault thrown where a promise is broken, so that no caller is expected to go on. */
export class MusterError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.message, options);
    this.name = 'MusterError';
    this.fault = fault;
  }

  get code(): ErrorCode {
    return this.fault.code;
  }
  get retry(): Retry {
    return errorCatalogue[this.fault.code].retry;
  }
  get blast(): BlastRadius {
    return errorCatalogue[this.fault.code].blast;
  }
}

/** The value of a result, or its fault thrown as a {@link MusterError}. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new MusterError(result.error);
}

/** Any thrown thing as a fault; what is not a {@link MusterError} becomes `fallback`. */
export function faultFrom(thrown: unknown, fallback: ErrorCode = 'internal'): Fault {
  if (thrown instanceof MusterError) return thrown.fault;
  return { code: fallback, message: shown(thrown instanceof Error ? thrown.message : String(thrown)) };
}
