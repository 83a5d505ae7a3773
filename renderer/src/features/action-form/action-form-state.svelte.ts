import { readTextInput, validateInput, type ActionDefinition, type InputDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { z } from 'zod';
import { texts } from '../../texts/texts.ts';
import { findJsonFault, type JsonFault } from '../../ui/json-editor/json-fault.ts';
import type { PartialInput } from '../action-versions/merge-versions.ts';

type Json = z.core.util.JSONType;

/** One input as the form shows it. */
export interface FormField {
  readonly key: string;
  readonly input: InputDefinition;
  /** What is typed or chosen; empty for nothing. */
  readonly typed: string;
  /** What is wrong with it; null while it is right, or while the person has not come to it. */
  readonly complaint: string | null;
  /** Who knows the input, where not all nodes of the target do. */
  readonly only: PartialInput | null;
}

const defaultText = ({ default: value }: InputDefinition): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** The inputs of an action while they are filled in. Nothing typed means: not given. Secrets are here and nowhere else. */
export class ActionFormState {
  readonly action: ActionDefinition;
  readonly #partial: ReadonlyMap<string, PartialInput>;
  #typed = $state.raw<Readonly<Record<string, string>>>({});
  #visited = $state.raw<ReadonlySet<string>>(new Set());

  /** Begins with what was `typed`: kept from before, or carried over from the form of another version. */
  constructor(
    action: ActionDefinition,
    typed: Readonly<Record<string, string>> = {},
    partial: ReadonlyMap<string, PartialInput> = new Map(),
  ) {
    this.action = action;
    this.#partial = partial;
    this.#typed = Object.fromEntries(
      Object.entries(action.inputs).map(([key, input]) => [
        key,
        typed[key] ?? (input.optional ? '' : defaultText(input)),
      ]),
    );
  }

  get fields(): readonly FormField[] {
    return Object.entries(this.action.inputs).map(([key, input]) => {
      const read = this.#read(key, input);
      const complaint = read.ok || !this.#visited.has(key) ? null : read.error.message;
      return { key, input, typed: this.#typed[key] ?? '', complaint, only: this.#partial.get(key) ?? null };
    });
  }

  isOptional(key: string): boolean {
    return this.action.inputs[key]?.optional ?? true;
  }

  /** What is typed into one input, in its type; undefined for nothing. */
  valueOf(key: string): Result<Json | undefined> {
    const input = this.action.inputs[key];
    return input === undefined ? ok(undefined) : this.#read(key, input);
  }

  /** The inputs to send, or what is wrong with the first that does not fit. */
  get inputs(): Result<Readonly<Record<string, Json>>> {
    const given: Record<string, Json> = {};
    for (const [key, input] of Object.entries(this.action.inputs)) {
      const read = this.#read(key, input);
      if (!read.ok) return read;
      if (read.value !== undefined) given[key] = read.value;
    }
    return ok(given);
  }

  /** All that is typed, secrets too: for the form that takes the place of this one, and not for keeping. */
  get typed(): Readonly<Record<string, string>> {
    return this.#typed;
  }

  /** What is typed, for keeping: without secrets. */
  get keptText(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#typed).filter(([key]) => this.action.inputs[key]?.sensitive !== true),
    );
  }

  type(key: string, text: string): void {
    this.#typed = { ...this.#typed, [key]: text };
    if (text !== '') this.visit(key);
  }

  /** The person has been at this input: from now on it may complain. */
  visit(key: string): void {
    this.#visited = new Set([...this.#visited, key]);
  }

  visitAll(): void {
    this.#visited = new Set(Object.keys(this.action.inputs));
  }

  #read(key: string, input: InputDefinition): Result<Json | undefined> {
    const typed = this.#typed[key] ?? '';
    if (typed === '') return input.optional ? ok(undefined) : fail('request.invalid_input', texts.compose.needed);
    const fault = input.type === 'array' || input.type === 'hash' ? findJsonFault(typed) : null;
    if (fault !== null) return fail('request.invalid_input', jsonComplaint(typed, fault));
    const read = readTextInput(key, input, typed);
    if (!read.ok) return withoutKey(key, read.error);
    const fits = validateInput(key, input, read.value);
    if (!fits.ok) return withoutKey(key, fits.error);
    // Texts, numbers, booleans and what JSON.parse gives are all that `readTextInput` makes.
    return ok(read.value as Json);
  }
}

function jsonComplaint(text: string, { position, found }: JsonFault): string {
  if (found === null) return texts.json.ends;
  const before = text.slice(0, position).split('\n');
  return texts.json.unexpected(found, before.length, (before.at(-1) ?? '').length + 1);
}

/** The complaint stands right below its input, so it need not name it. */
function withoutKey(key: string, { code, message }: Fault): { readonly ok: false; readonly error: Fault } {
  const said = message.replace(`Cannot validate input ${key}: `, '').replace(`${key}: `, '');
  return fail(code, said.charAt(0).toUpperCase() + said.slice(1));
}
