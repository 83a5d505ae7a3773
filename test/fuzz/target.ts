/** Something that reads what others wrote, ready to be tried with any bytes. */
export interface FuzzTarget {
  /** What is read, and what must hold whatever the bytes. */
  readonly about: string;
  /** Longest input that is tried, in bytes; a little above what the reader itself takes, where it has a limit. */
  readonly maxBytes: number;
  /** Words of the language, beyond the names and texts in the code under test. */
  readonly words?: readonly string[];
  /** Whether inputs are also varied as JSON: values replaced, members taken out and put in. */
  readonly json?: boolean;
  /** Inputs to begin with, all of them good ones. */
  readonly starts: readonly (Uint8Array | string)[];
  /** Reads one input. Throws, or rejects, when something does not hold. */
  readonly run: (input: Uint8Array) => void | Promise<void>;
  readonly close?: () => Promise<void>;
}

/** What a module under `targets` exports as `openTarget`; its file's name is the target's. */
export type OpenTarget = () => FuzzTarget | Promise<FuzzTarget>;

export const toBytes = (input: Uint8Array | string): Uint8Array =>
  typeof input === 'string' ? new TextEncoder().encode(input) : input;

export const toText = (input: Uint8Array): string => Buffer.from(input).toString('utf8');

/** Loads a target's module and opens it. Throws when the module has no `openTarget`. */
export async function openTarget(file: string): Promise<FuzzTarget> {
  const module = (await import(file)) as { readonly openTarget?: OpenTarget }; // what such a module exports is asked next
  if (module.openTarget === undefined) throw new Error(`${file} exports no openTarget`);
  return module.openTarget();
}
