import type { Expression } from './ast.ts';
import { OperandParser } from './operand-parser.ts';

/** Operators between two values, those that bind weakest first. */
const levels: readonly (readonly string[])[] = [
  ['..', '...'],
  ['||'],
  ['&&'],
  ['==', '!=', '=~', '!~', '==='],
  ['<', '<=', '>', '>='],
  ['<<'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Reads expressions: operators, assignments and choices. What statements and blocks are, the class above it says. */
export abstract class ExpressionParser extends OperandParser {
  /** A whole expression, with `and`, `or` and `not` in words. */
  protected expression(): Expression {
    const { tokens } = this;
    let left = this.#inWords();
    for (;;) {
      const word = tokens.take('keyword', 'and', 'or');
      if (word === undefined) return left;
      tokens.skipNewlines();
      const kind = word.kind === 'keyword' && word.text === 'and' ? 'and' : 'or';
      left = { kind, at: left.at, left, right: this.#inWords() };
    }
  }

  #inWords(): Expression {
    const negation = this.tokens.take('keyword', 'not');
    if (negation === undefined) return this.value();
    return { kind: 'not', at: negation.at, operand: this.tokens.deeper(() => this.#inWords()) };
  }

  /** An expression as it may stand among arguments: an assignment, a choice by `?` and `:`, or less. */
  protected override value(): Expression {
    return this.tokens.deeper(() => {
      const left = this.#binary(0);
      const { tokens } = this;
      const assignment = tokens.is('operator', '=', '||=', '+=') ? tokens.advance() : undefined;
      if (assignment?.kind === 'operator') return this.#assignment(left, assignment.text);
      if (tokens.take('operator', '?') === undefined) return left;
      tokens.skipNewlines();
      const yes = this.value();
      tokens.skipNewlines();
      tokens.expect('operator', ':');
      tokens.skipNewlines();
      return { kind: 'if', at: left.at, test: left, yes: [yes], no: [this.value()] };
    });
  }

  #assignment(target: Expression, operator: string): Expression {
    if (target.kind !== 'name' && target.kind !== 'constant') throw this.tokens.refusal('only names are assigned to');
    const { name, at } = target;
    this.tokens.skipNewlines();
    if (target.kind === 'name') this.declare(name);
    const right = this.value();
    if (operator === '=') return { kind: 'assign', at, name, value: right };
    const kind = 'or';
    const value: Expression =
      operator === '||='
        ? { kind, at, left: target, right }
        : { kind: 'operation', at, operator: '+', left: target, right };
    return { kind: 'assign', at, name, value };
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    const { tokens } = this;
    let left = this.#binary(level + 1);
    for (;;) {
      const token = tokens.take('operator', ...operators);
      if (token?.kind !== 'operator') return left;
      tokens.skipNewlines();
      const right = this.#binary(level + 1);
      const { at } = left;
      if (token.text === '||' || token.text === '&&')
        left = { kind: token.text === '||' ? 'or' : 'and', at, left, right };
      else left = { kind: 'operation', at, operator: token.text, left, right };
    }
  }

  #unary(): Expression {
    const token = this.tokens.take('operator', '!', '-', '+');
    if (token?.kind !== 'operator') return this.operand();
    const operand = this.tokens.deeper(() => this.#unary());
    if (token.text === '+') return operand;
    return { kind: token.text === '!' ? 'not' : 'negate', at: token.at, operand };
  }
}
