import { fail, ok, type Result } from '../errors/index.ts';
import { DdlBuilder, type RubyDdl } from './ddl-builder.ts';
import { Evaluator } from './evaluator.ts';
import { Lexer } from './lexer.ts';
import { Parser } from './parser.ts';
import { lineAndColumn, RubyRefusal, rubyLimits } from './refusal.ts';

/**
 * Reads a DDL that is written in Ruby, without running Ruby: literals, strings with values in them, heredocs, arrays,
 * hashes, variables, conditions, loops over arrays, and a few methods of texts and arrays are understood; the rest is refused.
 *
 * Errors: `ddl.malformed`, with line and column in the message and the place in the text as position.
 */
export function readRubyDdl(text: string): Result<RubyDdl> {
  if (text.length > rubyLimits.textLength) {
    return fail('ddl.malformed', `The DDL is longer than ${rubyLimits.textLength} characters`);
  }
  // A mark of the byte order is no part of the text, but keeps its place in the offsets.
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  try {
    const builder = new DdlBuilder();
    new Evaluator(builder).run(new Parser(new Lexer(source).read().tokens).program());
    return ok(builder.finish());
  } catch (thrown) {
    if (!(thrown instanceof RubyRefusal)) throw thrown;
    const { line, column } = lineAndColumn(text, thrown.span.start);
    // What is missing at the end stands behind the last character.
    const position = { start: Math.min(thrown.span.start, text.length), end: Math.min(thrown.span.end, text.length) };
    return fail('ddl.malformed', `Line ${line}, column ${column}: ${thrown.message}`, { position });
  }
}
