import type { Block, Expression } from './ast.ts';
import { ExpressionParser } from './expression-parser.ts';
import type { Surroundings } from './operand-parser.ts';
import { describeToken } from './token-stream.ts';
import type { Token } from './token.ts';

const blockEnds = ['end', 'else', 'elsif', 'when'] as const;

/** Reads statements: assignments, conditionals, and expressions with or without a condition behind them. */
export class Parser extends ExpressionParser {
  /** The whole text. */
  program(): readonly Expression[] {
    const body = this.statements();
    if (this.tokens.next.kind !== 'end of text') {
      throw this.tokens.refusal(`${describeToken(this.tokens.next)} is out of place`);
    }
    return body;
  }

  /** Statements up to a word or bracket that ends them, which stays. */
  protected override statements(): readonly Expression[] {
    const { tokens } = this;
    const body: Expression[] = [];
    tokens.skipTerminators();
    while (!this.#ended()) {
      body.push(this.#statement());
      const { next } = tokens;
      if (next.kind !== 'newline' && !tokens.is('operator', ';') && !this.#ended()) {
        throw tokens.refusal(`${describeToken(next)} is out of place`);
      }
      tokens.skipTerminators();
    }
    return body;
  }

  #ended(): boolean {
    const { tokens } = this;
    return tokens.next.kind === 'end of text' || tokens.is('keyword', ...blockEnds) || tokens.is('operator', '}', ')');
  }

  #statement(): Expression {
    const { tokens } = this;
    let statement = tokens.deeper(() => this.expression());
    for (;;) {
      const modifier = tokens.take('keyword', 'if', 'unless');
      if (modifier?.kind !== 'keyword') return statement;
      const test = this.expression();
      const { at } = statement;
      const yes = modifier.text === 'if' ? [statement] : [];
      statement = { kind: 'if', at, test, yes, no: modifier.text === 'if' ? [] : [statement] };
    }
  }

  protected override choice(): Expression {
    return this.withDo(true, () => (this.tokens.is('keyword', 'case') ? this.#caseOf() : this.#conditional()));
  }

  protected override embedded(tokens: readonly Token[], surroundings: Surroundings): Expression {
    const body = new Parser(tokens, surroundings).program();
    return { kind: 'sequence', at: tokens[0]?.at ?? 0, body };
  }

  #conditional(): Expression {
    const { tokens } = this;
    const start = tokens.advance();
    const test = this.expression();
    tokens.take('keyword', 'then');
    const yes = this.statements();
    const negated = start.kind === 'keyword' && start.text === 'unless';
    const no = this.#otherwise();
    return { kind: 'if', at: start.at, test, yes: negated ? no : yes, no: negated ? yes : no };
  }

  /** What stands behind `elsif` or `else`, and the `end`. */
  #otherwise(): readonly Expression[] {
    const { tokens } = this;
    if (tokens.is('keyword', 'elsif')) return [tokens.deeper(() => this.#conditional())];
    const body = tokens.take('keyword', 'else') === undefined ? [] : this.statements();
    tokens.expect('keyword', 'end');
    return body;
  }

  #caseOf(): Expression {
    const { tokens } = this;
    const { at } = tokens.advance();
    const subject = this.expression();
    tokens.skipTerminators();
    const branches: { values: Expression[]; body: readonly Expression[] }[] = [];
    while (tokens.take('keyword', 'when') !== undefined) {
      const values = [this.expression()];
      while (tokens.take('operator', ',') !== undefined) {
        tokens.skipNewlines();
        values.push(this.expression());
      }
      tokens.take('keyword', 'then');
      branches.push({ values, body: this.statements() });
    }
    const otherwise = tokens.take('keyword', 'else') === undefined ? [] : this.statements();
    tokens.expect('keyword', 'end');
    return { kind: 'case', at, subject, branches, otherwise };
  }

  protected override block(): Block | undefined {
    const { tokens } = this;
    const braces = tokens.is('operator', '{');
    if (!braces && !(this.takesDo && tokens.is('keyword', 'do'))) return undefined;
    tokens.advance();
    return this.scoped(() => {
      const parameters = this.#parameters();
      const body = tokens.deeper(() => this.withDo(true, () => this.statements()));
      if (braces) tokens.expect('operator', '}');
      else tokens.expect('keyword', 'end');
      return { parameters, body };
    });
  }

  #parameters(): readonly string[] {
    const { tokens } = this;
    const names: string[] = [];
    if (tokens.take('operator', '||') !== undefined || tokens.take('operator', '|') === undefined) return names;
    do {
      const token = tokens.advance();
      if (token.kind !== 'name') throw tokens.refusal('a block takes plain names', token);
      names.push(token.text);
      this.declare(token.text);
    } while (tokens.take('operator', ',') !== undefined);
    tokens.expect('operator', '|');
    return names;
  }
}
