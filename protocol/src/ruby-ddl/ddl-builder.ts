import type { ForeignAction, ForeignAggregate, ForeignDdl, ForeignItem } from '../ddl/index.ts';
import type { DdlWords } from './evaluator.ts';
import type { RunBlock } from './methods.ts';
import { RubyRefusal } from './refusal.ts';
import { isArray, RubyCall, RubyHash, RubySymbol, toJson, toText, type RubyValue } from './values.ts';

/** Which kind of plugin a DDL describes, as far as the DDL itself tells: those with metadata alone say nothing. */
export type RubyDdlKind = 'agent' | 'data' | 'discovery' | 'other';

/** What a Ruby DDL says. */
export interface RubyDdl {
  readonly kind: RubyDdlKind;
  readonly document: ForeignDdl;
  /** What a discovery plugin understands. */
  readonly capabilities: readonly string[];
}

interface OpenAction {
  readonly name: string;
  readonly description: string;
  readonly inputs: Map<string, ForeignItem>;
  readonly outputs: Map<string, ForeignItem>;
  readonly aggregate: ForeignAggregate[];
  display?: string;
}

const isProperties = (value: RubyValue | undefined): value is RubyHash => value instanceof RubyHash;

/** Gathers what the words of a DDL say. */
export class DdlBuilder implements DdlWords {
  #meta: Record<string, unknown> = {};
  readonly #actions = new Map<string, OpenAction>();
  readonly #requires: Record<string, unknown>[] = [];
  #usage: string | undefined;
  #kind: RubyDdlKind = 'other';
  #capabilities: readonly string[] = [];
  #current: OpenAction | undefined;
  #inSummary = false;

  call(name: string, args: readonly RubyValue[], block: RunBlock | undefined, at: number): RubyValue {
    switch (name) {
      case 'metadata':
        this.#meta = { ...this.#meta, ...this.#properties(args[0], name, at) };
        return null;
      case 'requires':
        this.#requires.push(this.#properties(args[0], name, at));
        return null;
      case 'usage':
        this.#usage = this.#name(args[0], name, at);
        return null;
      case 'action':
        return this.#open('agent', this.#name(args[0], name, at), args[1], block, at);
      case 'dataquery':
        return this.#open('data', name, args[0], block, at);
      case 'discovery':
        this.#kind = 'discovery';
        return block?.([]) ?? null;
      case 'capabilities':
        this.#capabilities = args.flatMap((value) => (isArray(value) ? value : [value])).map(toText);
        return null;
      default:
        return this.#inAction(name, args, block, at);
    }
  }

  finish(): RubyDdl {
    const actions = [...this.#actions.values()].map(({ inputs, outputs, ...action }): ForeignAction => ({
      ...action,
      inputs: [...inputs.values()],
      outputs: [...outputs.values()],
    }));
    const requires = this.#requires.length === 0 ? {} : { requires: this.#requires };
    const usage = this.#usage === undefined ? {} : { usage: this.#usage };
    const document = { meta: this.#meta, actions, ...requires, ...usage };
    return { kind: this.#kind, document, capabilities: this.#capabilities };
  }

  #inAction(name: string, args: readonly RubyValue[], block: RunBlock | undefined, at: number): RubyValue {
    if (this.#inSummary) return this.#summarise(name, args, at);
    const action = this.#current;
    if (!['input', 'output', 'display', 'summarize', 'aggregate'].includes(name)) {
      throw new RubyRefusal(`${name} is no word of a DDL`, at);
    }
    if (action === undefined) throw new RubyRefusal(`${name} stands outside an action`, at);
    switch (name) {
      case 'input':
      case 'output': {
        const item = this.#name(args[0], name, at);
        const properties = args[1] === undefined ? {} : this.#properties(args[1], name, at);
        action[name === 'input' ? 'inputs' : 'outputs'].set(item, { ...properties, name: item });
        return null;
      }
      case 'display':
        action.display = this.#name(args[0], name, at);
        return null;
      case 'summarize':
        this.#inSummary = true;
        block?.([]);
        this.#inSummary = false;
        return null;
      default:
        throw new RubyRefusal('aggregate stands outside summarize', at);
    }
  }

  /** Within `summarize`, every word but `aggregate` is a function of its arguments. */
  #summarise(name: string, args: readonly RubyValue[], at: number): RubyValue {
    if (name !== 'aggregate') return new RubyCall(name, args);
    const [call, options] = args;
    if (!(call instanceof RubyCall)) throw new RubyRefusal('aggregate takes a function, as in summary(:status)', at);
    const given = options === undefined ? null : this.#properties(options, name, at);
    this.#current?.aggregate.push([[call.name, ...call.args.map(toJson)], given]);
    return null;
  }

  #open(
    kind: 'agent' | 'data',
    name: string,
    properties: RubyValue | undefined,
    block: RunBlock | undefined,
    at: number,
  ): RubyValue {
    if (this.#current !== undefined) throw new RubyRefusal('an action stands within another', at);
    if (this.#kind !== 'other' && this.#kind !== kind) throw new RubyRefusal('actions and a dataquery do not mix', at);
    const { description } = this.#properties(properties, kind === 'data' ? 'dataquery' : 'action', at);
    if (typeof description !== 'string') throw new RubyRefusal(`${name} needs a description`, at);
    this.#kind = kind;
    const action = this.#actions.get(name) ?? {
      name,
      description,
      inputs: new Map(),
      outputs: new Map(),
      aggregate: [],
    };
    this.#actions.set(name, action);
    this.#current = action;
    block?.([]);
    this.#current = undefined;
    return null;
  }

  #properties(value: RubyValue | undefined, word: string, at: number): Record<string, unknown> {
    if (!isProperties(value)) throw new RubyRefusal(`${word} takes properties, as in :description => "…"`, at);
    return Object.fromEntries(value.entries().map(([key, item]) => [toText(key), toJson(item)]));
  }

  #name(value: RubyValue | undefined, word: string, at: number): string {
    if (typeof value === 'string' || value instanceof RubySymbol) return toText(value);
    throw new RubyRefusal(`${word} takes a text or a symbol first`, at);
  }
}
