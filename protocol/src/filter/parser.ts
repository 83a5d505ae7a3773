import type { TextSpan } from '../errors/index.ts';
import { allNodes, type FilterExpression } from './ast.ts';
import { connectivesMend, readCondition, readName } from './condition-reader.ts';
import { joinPath } from './fact-path.ts';
import { filterLimits } from './limits.ts';
import { Reader } from './reader.ts';

/** Recursive descent over one text; `not` binds tighter than `and`, `and` tighter than `or`. */
export class Parser {
  readonly reader: Reader;
  /** Where each condition that was read stands in the text. */
  readonly places = new Map<FilterExpression, TextSpan>();
  #depth = 0;

  constructor(text: string) {
    this.reader = new Reader(text);
  }

  /** The whole text as one expression; a blank text is every node. */
  filter(): FilterExpression {
    this.reader.skipBlanks();
    if (this.reader.ended()) return allNodes;
    const filter = this.#disjunction();
    if (this.reader.next === ')') {
      this.reader.refuse('There is no ( for this )', this.reader.at, this.reader.at + 1, {
        mend: 'Remove it or add a (',
      });
    }
    if (!this.reader.ended()) this.reader.unexpected('`and`, `or` or the end', connectivesMend);
    return filter;
  }

  /** Conditions side by side, without words between them. */
  conditions(): readonly FilterExpression[] {
    const found: FilterExpression[] = [];
    for (;;) {
      this.reader.skipBlanks();
      if (this.reader.ended()) return found;
      const start = this.reader.at;
      for (const word of ['and', 'or', 'not']) {
        if (!this.reader.keyword(word)) continue;
        this.reader.refuse(`Expected conditions separated by blanks, found \`${word}\``, start, this.reader.at, {
          mend: 'Use --select for expressions with and, or and not',
        });
      }
      found.push(readCondition(this.reader));
      if (!this.reader.atBoundary() || this.reader.next === ')') this.reader.unexpected('a blank or the end');
    }
  }

  /** A fact's path and its operator, up to its value. */
  factStart(): { readonly path: string; readonly operator: string } {
    this.reader.skipBlanks();
    const name = readName(this.reader, 'the name of a fact');
    this.reader.skipBlanks();
    const operator = this.reader.operator();
    if (operator === '') this.reader.unexpected('an operator', 'Write a fact condition as name=value');
    return { path: joinPath(name.steps), operator };
  }

  #disjunction(): FilterExpression {
    return this.#chain('or', () => this.#chain('and', () => this.#operand()));
  }

  #chain(kind: 'and' | 'or', operand: () => FilterExpression): FilterExpression {
    const first = operand();
    const operands = [first];
    while (this.#connects(kind)) operands.push(operand());
    return operands.length === 1 ? first : { kind, operands };
  }

  #connects(kind: 'and' | 'or'): boolean {
    this.reader.skipBlanks();
    return this.reader.keyword(kind);
  }

  #operand(): FilterExpression {
    this.reader.skipBlanks();
    const start = this.reader.at;
    const negated = this.reader.keyword('not') || this.reader.take('!');
    if (!negated && !this.reader.take('(')) return this.#condition();
    this.#depth++;
    if (this.#depth > filterLimits.depth) {
      this.reader.refuse(`The filter is nested deeper than ${filterLimits.depth} levels`, start, this.reader.at, {
        code: 'filter.too_deep',
        mend: 'Remove parentheses that are not needed',
      });
    }
    const inner = negated ? this.#operand() : this.#disjunction();
    this.#depth--;
    if (negated) return { kind: 'not', operand: inner };
    this.reader.skipBlanks();
    if (this.reader.take(')')) return inner;
    if (!this.reader.ended()) this.reader.unexpected('`and`, `or` or `)`', connectivesMend);
    return this.reader.refuse('This ( is not closed: expected )', start, start + 1, { mend: 'Add the closing )' });
  }

  #condition(): FilterExpression {
    const start = this.reader.at;
    const found = readCondition(this.reader);
    this.places.set(found.kind === 'not' ? found.operand : found, { start, end: this.reader.at });
    return found;
  }
}
