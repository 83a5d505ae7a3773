import type { Block, Expression } from './ast.ts';
import { callMethod, type RunBlock } from './methods.ts';
import { isCase, operate } from './operators.ts';
import { RubyRefusal, rubyLimits } from './refusal.ts';
import { isTrue, madeText, RubyHash, RubyRegex, RubySymbol, toText, type RubyValue } from './values.ts';

/** What the words of a DDL do: `metadata`, `action`, `input` and the others. */
export interface DdlWords {
  /** Throws {@link RubyRefusal} for words that are not known where they stand. */
  call(name: string, args: readonly RubyValue[], block: RunBlock | undefined, at: number): RubyValue;
}

/** Local variables; a block sees those around it. */
class Scope {
  readonly #around: Scope | undefined;
  readonly #values = new Map<string, RubyValue>();

  constructor(around?: Scope) {
    this.#around = around;
  }
  has(name: string): boolean {
    return this.#values.has(name) || (this.#around?.has(name) ?? false);
  }
  get(name: string): RubyValue | undefined {
    return this.#values.has(name) ? this.#values.get(name) : this.#around?.get(name);
  }
  assign(name: string, value: RubyValue): void {
    if (!this.#values.has(name) && this.#around?.has(name) === true) this.#around.assign(name, value);
    else this.declare(name, value);
  }
  /** Makes a new variable, whatever is called so around it. */
  declare(name: string, value: RubyValue): void {
    this.#values.set(name, value);
  }
}

/** Evaluates what the parser read, in a bounded number of steps. Throws {@link RubyRefusal}. */
export class Evaluator {
  readonly #words: DdlWords;
  #steps = 0;
  #depth = 0;

  constructor(words: DdlWords) {
    this.#words = words;
  }

  run(program: readonly Expression[]): void {
    this.#body(program, new Scope());
  }

  #body(body: readonly Expression[], scope: Scope): RubyValue {
    let last: RubyValue = null;
    for (const expression of body) last = this.#evaluate(expression, scope);
    return last;
  }

  #evaluate(expression: Expression, scope: Scope): RubyValue {
    if (++this.#steps > rubyLimits.steps) throw new RubyRefusal('this takes too many steps', expression.at);
    // Blocks run within calls, so evaluation may be as deep as the text several times over.
    if (++this.#depth > rubyLimits.depth * 8) throw new RubyRefusal('nested too deeply', expression.at);
    const value = this.#value(expression, scope);
    this.#depth--;
    return value;
  }

  #value(expression: Expression, scope: Scope): RubyValue {
    switch (expression.kind) {
      case 'nil':
        return null;
      case 'boolean':
      case 'number':
        return expression.value;
      case 'text': {
        const text = this.#text(expression.parts, expression.at, scope);
        return expression.as === 'symbol' ? new RubySymbol(text) : text;
      }
      case 'regex':
        return new RubyRegex(this.#text(expression.parts, expression.at, scope), expression.flags);
      case 'array':
        return expression.items.map((item) => this.#evaluate(item, scope));
      case 'hash':
        return new RubyHash(
          expression.pairs.map(([key, value]) => [this.#evaluate(key, scope), this.#evaluate(value, scope)]),
        );
      case 'name':
        return scope.get(expression.name) ?? null;
      case 'constant': {
        const value = scope.get(expression.name);
        if (value !== undefined) return value;
        throw new RubyRefusal(`a DDL is read without the rest of Ruby: no ${expression.name}`, expression.at);
      }
      case 'call':
        return this.#call(expression, scope);
      case 'assign': {
        const value = this.#evaluate(expression.value, scope);
        scope.assign(expression.name, value);
        return value;
      }
      case 'sequence':
        return this.#body(expression.body, scope);
      default:
        return this.#choice(expression, scope);
    }
  }

  #choice(
    expression: Extract<Expression, { kind: 'if' | 'case' | 'and' | 'or' | 'not' | 'negate' | 'operation' }>,
    scope: Scope,
  ): RubyValue {
    const { at } = expression;
    switch (expression.kind) {
      case 'if':
        return this.#body(isTrue(this.#evaluate(expression.test, scope)) ? expression.yes : expression.no, scope);
      case 'case': {
        const subject = this.#evaluate(expression.subject, scope);
        const branch = expression.branches.find(({ values }) =>
          values.some((value) => isCase(this.#evaluate(value, scope), subject, value.at)),
        );
        return this.#body(branch?.body ?? expression.otherwise, scope);
      }
      case 'and':
      case 'or': {
        const left = this.#evaluate(expression.left, scope);
        return isTrue(left) === (expression.kind === 'and') ? this.#evaluate(expression.right, scope) : left;
      }
      case 'not':
        return !isTrue(this.#evaluate(expression.operand, scope));
      case 'negate': {
        const value = this.#evaluate(expression.operand, scope);
        if (typeof value !== 'number') throw new RubyRefusal('- stands before something that is no number', at);
        return value === 0 ? 0 : -value;
      }
      case 'operation':
        return operate(
          expression.operator,
          this.#evaluate(expression.left, scope),
          this.#evaluate(expression.right, scope),
          at,
        );
    }
  }

  #text(parts: readonly (string | Expression)[], at: number, scope: Scope): string {
    let text = '';
    for (const part of parts) {
      text = madeText(text + (typeof part === 'string' ? part : toText(this.#evaluate(part, scope))), at);
    }
    return text;
  }

  #call(call: Extract<Expression, { kind: 'call' }>, scope: Scope): RubyValue {
    const { name, at, receiver } = call;
    const block = call.block === undefined ? undefined : this.#block(call.block, scope);
    const target = receiver === undefined ? undefined : this.#evaluate(receiver, scope);
    const args = call.args.map((argument) => this.#evaluate(argument, scope));
    if (target === undefined) return this.#words.call(name, args, block, at);
    return callMethod(target, { name, args, block, at });
  }

  #block({ parameters, body }: Block, scope: Scope): RunBlock {
    return (args) => {
      const inner = new Scope(scope);
      parameters.forEach((name, index) => {
        inner.declare(name, args[index] ?? null);
      });
      return this.#body(body, inner);
    };
  }
}
