import { parseFilter } from '@muster/protocol/filter';
import { texts } from '../../texts/texts.ts';
import { printFactPath, printTextValue } from './filter-pieces.ts';
import type { Beginning, FilterWords } from './filter-vocabulary.svelte.ts';

export interface FilterSuggestion {
  readonly label: string;
  /** What is put into the text, when it is not the label. */
  readonly insert: string;
  readonly detail: string;
}

export interface FilterSuggestions {
  /** Where the piece begins that a suggestion replaces. */
  readonly from: number;
  readonly suggestions: readonly FilterSuggestion[];
}

const words = texts.filter.completions;
const plain = (label: string, detail: string, insert = label): FilterSuggestion => ({ label, detail, insert });

const connectives = [plain('and', words.and, 'and '), plain('or', words.or, 'or ')];
const beginnings: Readonly<Record<Beginning, FilterSuggestion>> = {
  not: plain('not', words.not, 'not '),
  '@identity': plain('@identity', words.identity, '@identity='),
  '@class': plain('@class', words.className, '@class='),
  '@agent': plain('@agent', words.agent, '@agent='),
  '@collective': plain('@collective', words.collective, '@collective='),
};

const valuePattern =
  /(?<path>[\p{L}\p{M}\p{N}_:.-]+)\s*(?:==|=>|=<|!=|<=|>=|=|<|>)\s*(?<value>"[^"]*|[^\s()'"/~=<>!]*)$/u;
const classPattern = /@class\s*!?=\s*(?<value>[^\s()'"/=]*)$/u;
const namePattern = /@?[\p{L}\p{M}\p{N}_:.-]*$/u;

/** What may stand at the end of a text that a filter begins with; null where nothing can be proposed. */
export async function filterSuggestions(before: string, vocabulary: FilterWords): Promise<FilterSuggestions | null> {
  const className = classPattern.exec(before);
  if (className !== null) {
    const classes = await vocabulary.classes();
    const from = before.length - (className.groups?.['value'] ?? '').length;
    return {
      from,
      suggestions: classes.map(({ value, nodes }) =>
        plain(value, vocabulary.describe('value', nodes), `${printTextValue(value)} `),
      ),
    };
  }
  const fact = valuePattern.exec(before);
  if (fact !== null && !before.slice(0, fact.index).endsWith('@')) {
    const { path = '', value = '' } = fact.groups ?? {};
    const values = await vocabulary.values(path);
    return {
      from: before.length - value.length,
      suggestions: values.map(({ value: known, nodes }) =>
        plain(known, vocabulary.describe('value', nodes), `${printTextValue(known)} `),
      ),
    };
  }
  if (/["'/][^"'/]*$/.test(before) && !parseFilter(before).ok) return null;
  if (/[\s)]$/.test(before) && parseFilter(before).ok && before.trim() !== '')
    return { from: before.length, suggestions: connectives };
  const from = before.length - (namePattern.exec(before)?.[0] ?? '').length;
  const [paths, classes] = await Promise.all([vocabulary.factPaths(), vocabulary.classes()]);
  return {
    from,
    suggestions: [
      ...paths.map(({ value, nodes }) => plain(value, vocabulary.describe('fact', nodes), `${printFactPath(value)}=`)),
      ...vocabulary.beginnings.map((beginning) => beginnings[beginning]),
      ...classes.map(({ value, nodes }) =>
        plain(value, vocabulary.describe('class', nodes), `${printTextValue(value)} `),
      ),
    ],
  };
}
