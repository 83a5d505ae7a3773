import type { FactType } from '@muster/protocol/bridge';
import type { DataRow, RegexOperator, TextOperator } from '@muster/protocol/filter';
import { texts } from '../../texts/texts.ts';
import type { RowFields } from './builder-tree.ts';

export type RowOperator = TextOperator | RegexOperator | '==';
export type RowSubject = RowFields['subject'];

export const subjects: readonly RowSubject[] = ['fact', 'class', 'identity', 'agent', 'collective', 'data'];

const equality = ['=', '!='] as const;
const patterns = ['=~', '!~'] as const;
const order = ['<', '<=', '>', '>='] as const;

const byType: Readonly<Record<FactType, readonly RowOperator[]>> = {
  text: [...equality, ...patterns, ...order],
  number: [...equality, ...order, ...patterns],
  boolean: equality,
  list: [...equality, ...patterns, ...order],
  hash: [...equality, ...patterns],
};

/** What a row may compare with, by the types of its fact; the operator that it has now is always among them. */
export function operatorsOf(fields: RowFields, types: readonly FactType[]): readonly RowOperator[] {
  const usual: readonly RowOperator[] =
    fields.subject === 'fact'
      ? [...new Set((types.length === 0 ? (['text'] as const) : types).flatMap((type) => byType[type]))]
      : fields.subject === 'data'
        ? byType.number
        : fields.subject === 'identity'
          ? ['=', '==', '=~']
          : ['=', '=~'];
  return usual.includes(fields.operator) ? usual : [...usual, fields.operator];
}

/** How an operator is called; of lists and hashes it asks whether one of them fits. */
export function operatorLabel(operator: RowOperator, fields: RowFields, types: readonly FactType[]): string {
  const { operators } = texts.builder;
  const isMany =
    fields.subject === 'fact' && types.length > 0 && types.every((type) => type === 'list' || type === 'hash');
  if (isMany && operator === '=') return operators.has;
  if (fields.subject === 'identity' && operator === '==') return operators.exactly;
  return operators[operator];
}

export const isRegexOperator = (operator: RowOperator): boolean => operator === '=~' || operator === '!~';

/** The fields of a row about something else; what it compares with is kept as far as it can be. */
export function withSubject(fields: RowFields, subject: RowSubject): RowFields {
  if (fields.subject === subject) return fields;
  if (subject === 'fact' || subject === 'data') {
    const operator = fields.operator === '=~' ? '=~' : '=';
    const rest = { operator, value: '', flags: operator === '=~' ? fields.flags : '' } as const;
    return subject === 'fact' ? { subject, path: '', ...rest } : { subject, plugin: '', output: '', ...rest };
  }
  const isRegex = fields.operator === '=~';
  const isName = fields.subject !== 'fact' && fields.subject !== 'data';
  return {
    subject,
    operator: isRegex ? '=~' : '=',
    value: isName ? fields.value : '',
    flags: isRegex ? fields.flags : '',
  };
}

/** The fields with another operator; flags stay only with regular expressions. */
export function withOperator(fields: RowFields, operator: RowOperator): RowFields {
  const flags = isRegexOperator(operator) ? fields.flags : '';
  // Each subject is offered its own operators only, see `operatorsOf`.
  return { ...fields, operator, flags } as RowFields;
}

/** The question of a row to a data plugin; an empty argument is none. */
export function withArgument({ plugin, output, operator, value, flags }: DataRow, argument: string): DataRow {
  const row = { subject: 'data', plugin, output, operator, value, flags } as const;
  return argument === '' ? row : { ...row, argument };
}

/** Whether a row says enough to be a condition. */
export const isFilledIn = (fields: RowFields): boolean =>
  fields.subject === 'fact'
    ? fields.path !== '' && fields.value !== ''
    : fields.subject === 'data'
      ? fields.plugin !== '' && fields.output !== '' && fields.value !== ''
      : fields.value !== '';

export const emptyFields: RowFields = { subject: 'fact', path: '', operator: '=', value: '', flags: '' };
