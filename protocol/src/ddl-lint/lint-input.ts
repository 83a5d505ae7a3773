import { RE2JS } from 're2js';
import { validateInput, validators, type InputDefinition } from '../ddl/index.ts';
import type { Report } from './finding.ts';
import { lintTexts, nearest } from './lint-text.ts';

type Path = readonly (string | number)[];

/** Regular expressions that let everything pass. */
const anything = /^(?:\^|\\A)?\.?[*+]?(?:\$|\\z)?$/;

function compileFault(source: string): string | undefined {
  try {
    RE2JS.compile(source);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message.replace(/^error parsing regexp: /, '') : String(thrown);
  }
}

/** Whether JavaScript, which knows look-around and back-references, takes it. */
function isRegexElsewhere(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

function lintValidation(validation: string, maxlength: number, path: Path, report: Report): void {
  if (Object.hasOwn(validators, validation)) return;
  if (/^[A-Za-z][\w-]*$/.test(validation)) {
    const meant = nearest(validation, Object.keys(validators));
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    report('unknown-validator', path, `${validation} is no validator, so it is a regular expression${hint}`);
    return;
  }
  const fault = compileFault(validation);
  if (fault !== undefined) {
    const elsewhere = isRegexElsewhere(validation);
    report(
      elsewhere ? 're2-regex' : 'broken-regex',
      path,
      elsewhere ? `RE2 cannot do this: ${fault}` : `the regular expression is broken: ${fault}`,
    );
    return;
  }
  if (anything.test(validation)) {
    if (maxlength === 0) {
      report('anything-goes', path, 'any text of any length is accepted; name a validator, or give a maxlength');
    }
    return;
  }
  const bound = /^(?:\(\?[a-z]+\))?(?:\^|\\A)/.test(validation) && /(?:^|[^\\])(?:\$|\\z)$/.test(validation);
  if (!bound) report('unanchored-regex', path, 'text before or after the match is let through; write ^ and $');
}

function lintUnused(input: InputDefinition, path: Path, report: Report): void {
  const meaningless = [
    ...(input.type === 'string' ? [] : (['validation', 'maxlength'] as const)),
    ...(input.type === 'list' ? [] : (['list'] as const)),
  ];
  for (const property of meaningless) {
    if (input[property] !== undefined) {
      report('unused-property', [...path, property], `${property} means nothing for the type ${input.type}`);
    }
  }
}

function lintDefault(name: string, input: InputDefinition, path: Path, report: Report): void {
  if (input.default === undefined) return;
  const place = [...path, 'default'];
  if (input.sensitive) report('sensitive-default', place, 'everybody can read the default of this sensitive input');
  if (input.optional) report('default-unused', place, 'defaults are filled in for required inputs alone');
  const fit = validateInput(name, input, input.default);
  if (!fit.ok)
    report('default-misfit', place, fit.error.message.replace(/^Cannot validate input [^:]*: /, 'the default '));
}

/** What is wrong with one input that fits the schema. */
export function lintInput(name: string, input: InputDefinition, path: Path, report: Report): void {
  if (/[A-Z]/.test(name)) report('name-style', path, `${name} has capitals`);
  lintTexts({ prompt: input.prompt, description: input.description }, path, report);
  lintUnused(input, path, report);
  if (input.type === 'string') {
    lintValidation(input.validation ?? '', input.maxlength ?? 0, [...path, 'validation'], report);
  }
  const values = input.list ?? [];
  const twice = values.findIndex((value, index) => values.indexOf(value) !== index);
  if (twice !== -1) report('duplicate-value', [...path, 'list', twice], `${values[twice] ?? ''} stands twice`);
  lintDefault(name, input, path, report);
}
