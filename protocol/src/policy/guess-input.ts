import type { Policies } from './policy.ts';

/** How the policies compare an input: the type that it must have for any of that to hold. */
function comparedAs(policies: Policies, input: string): 'text' | 'number' | 'boolean' {
  const values = [...policies.files.values()].flatMap(({ rules }) =>
    rules.flatMap(({ constraints }) =>
      constraints.flatMap((constraint) =>
        constraint.kind === 'compared' && constraint.input === input ? [constraint.comparison] : [],
      ),
    ),
  );
  if (values.length === 0) return 'text';
  const areTexts = values.map(({ value }) => (typeof value === 'string' ? value : undefined));
  if (areTexts.every((value) => value === 'true' || value === 'false')) return 'boolean';
  return areTexts.every((value) => value !== undefined && /^[+-]?\d+(?:\.\d+)?$/.test(value)) ? 'number' : 'text';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value of an input whose DDL is not known, as the type that the policies expect; `[…]` and `{…}` are read as JSON. */
export function guessInput(policies: Policies, input: string, text: string): unknown {
  if (/^\s*[[{]/.test(text)) return jsonOf(text) ?? text;
  const type = comparedAs(policies, input);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'number' && /^[+-]?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return text;
}
