import ts from 'typescript';

/** A module with counters in it, and the words that it is made of. */
export interface Instrumented {
  readonly source: string;
  /** How many counters it uses, from `firstCounter` on. */
  readonly counters: number;
  /** Texts and names of properties that stand in it. */
  readonly words: readonly string[];
}

/** Name of the global array that the counters of all modules are in. */
export const hitsName = 'musterFuzzHits';

const { factory } = ts;

const shortCircuits: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** Puts counters where the way through a module forks. */
class Counting {
  readonly #context: ts.TransformationContext;
  #next: number;

  constructor(context: ts.TransformationContext, firstCounter: number) {
    this.#context = context;
    this.#next = firstCounter;
  }

  get next(): number {
    return this.#next;
  }

  readonly visit = (node: ts.Node): ts.Node => this.#count(ts.visitEachChild(node, this.visit, this.#context));

  #count(node: ts.Node): ts.Node {
    if (ts.isIfStatement(node)) {
      const { expression, thenStatement, elseStatement } = node;
      return factory.createIfStatement(expression, this.#block(thenStatement), this.#block(elseStatement));
    }
    if (ts.isConditionalExpression(node)) {
      const { condition, questionToken, whenTrue, colonToken, whenFalse } = node;
      const [yes, no] = [this.#counted(whenTrue), this.#counted(whenFalse)];
      return factory.createConditionalExpression(condition, questionToken, yes, colonToken, no);
    }
    if (ts.isBinaryExpression(node) && shortCircuits.has(node.operatorToken.kind)) {
      return factory.createBinaryExpression(node.left, node.operatorToken, this.#counted(node.right));
    }
    if (ts.isCaseClause(node)) return factory.createCaseClause(node.expression, this.#before(node.statements));
    if (ts.isDefaultClause(node)) return factory.createDefaultClause(this.#before(node.statements));
    if (ts.isCatchClause(node)) {
      return factory.createCatchClause(node.variableDeclaration, this.#block(node.block));
    }
    return this.#countFunction(node) ?? this.#countLoop(node) ?? node;
  }

  #countFunction(node: ts.Node): ts.Node | undefined {
    if (ts.isArrowFunction(node)) {
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken, body } = node;
      const counted = ts.isBlock(body) ? this.#block(body) : this.#counted(body);
      return factory.createArrowFunction(modifiers, typeParameters, parameters, type, equalsGreaterThanToken, counted);
    }
    if (ts.isFunctionDeclaration(node)) {
      const { modifiers, asteriskToken, name, typeParameters, parameters, type, body } = node;
      const counted = body && this.#block(body);
      return factory.createFunctionDeclaration(
        modifiers,
        asteriskToken,
        name,
        typeParameters,
        parameters,
        type,
        counted,
      );
    }
    if (ts.isMethodDeclaration(node)) {
      const { modifiers, asteriskToken, name, questionToken, typeParameters, parameters, type, body } = node;
      const counted = body && this.#block(body);
      return factory.createMethodDeclaration(
        modifiers,
        asteriskToken,
        name,
        questionToken,
        typeParameters,
        parameters,
        type,
        counted,
      );
    }
    return undefined;
  }

  #countLoop(node: ts.Node): ts.Node | undefined {
    if (ts.isForStatement(node)) {
      const { initializer, condition, incrementor, statement } = node;
      return factory.createForStatement(initializer, condition, incrementor, this.#block(statement));
    }
    if (ts.isForOfStatement(node)) {
      const { awaitModifier, initializer, expression, statement } = node;
      return factory.createForOfStatement(awaitModifier, initializer, expression, this.#block(statement));
    }
    if (ts.isWhileStatement(node)) return factory.createWhileStatement(node.expression, this.#block(node.statement));
    return undefined;
  }

  #hit(): ts.Expression {
    const hits = factory.createIdentifier(hitsName);
    return factory.createPostfixIncrement(factory.createElementAccessExpression(hits, this.#next++));
  }

  #before(statements: readonly ts.Statement[]): ts.Statement[] {
    return [factory.createExpressionStatement(this.#hit()), ...statements];
  }

  /** The statement in a block that counts; an `else` that is not there is counted too. */
  #block(statement: ts.Statement | undefined): ts.Block {
    const statements = statement === undefined ? [] : ts.isBlock(statement) ? statement.statements : [statement];
    return factory.createBlock(this.#before(statements), true);
  }

  #counted(expression: ts.Expression): ts.Expression {
    return factory.createParenthesizedExpression(factory.createComma(this.#hit(), expression));
  }
}

/** Short texts without blanks and names of properties: what inputs of this code are likely to be made of. */
function wordsOf(file: ts.SourceFile): readonly string[] {
  const words = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) || (ts.isIdentifier(node) && isPropertyName(node))) words.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...words].filter((word) => word !== '' && word.length <= 48 && !/\s\S/.test(word));
}

const isPropertyName = (node: ts.Identifier): boolean =>
  (ts.isPropertyAssignment(node.parent) || ts.isBindingElement(node.parent)) && node.parent.name === node;

/** Puts counters into the text of a JavaScript or TypeScript module. */
export function instrument(text: string, fileName: string, firstCounter: number): Instrumented {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const words = wordsOf(file);
  let next = firstCounter;
  const transformed = ts.transform(file, [
    (context) => (root) => {
      const counting = new Counting(context, firstCounter);
      const counted = ts.visitEachChild(root, counting.visit, context);
      ({ next } = counting);
      return counted;
    },
  ]);
  const [root = file] = transformed.transformed;
  const source = ts.createPrinter({ removeComments: true }).printFile(root);
  transformed.dispose();
  return { source, counters: next - firstCounter, words };
}
