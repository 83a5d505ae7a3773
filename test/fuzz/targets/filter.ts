import assert from 'node:assert/strict';
import {
  builderFaults,
  compileFilter,
  discoveryNeeds,
  explainFilter,
  filterLimits,
  fromBuilder,
  parseFilter,
  printFilter,
  toBuilder,
} from '@muster/protocol/filter';
import { anyNode, goodFilters } from '../material/filters.ts';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

export const openTarget = (): FuzzTarget => ({
  about:
    'The text of a filter: read or refused with a place; what was read is printed, explained, built and evaluated.',
  maxBytes: filterLimits.textLength + 16,
  words: [
    ...Array.from(' ()!/"\'\\.=<>*?[]-,:@'),
    ' and ',
    ' or ',
    'not ',
    '=~',
    '!~',
    '!=',
    '<=',
    '>=',
    '@identity=',
    '@all',
  ],
  starts: goodFilters,
  run(input) {
    const text = toText(input);
    const filter = parseFilter(text);
    if (!filter.ok) {
      assertFault(filter.error, { text, codes: /^filter\./, placed: true });
      return;
    }
    const printed = printFilter(filter.value);
    assert.deepEqual(parseFilter(printed), filter, 'what is printed parses back to the same tree');
    assert.notEqual(explainFilter(filter.value), '');
    const model = toBuilder(filter.value);
    assert.deepEqual(builderFaults(model), []);
    assert.deepEqual(fromBuilder(model), filter, 'the builder gives back the filter that it was given');
    discoveryNeeds(filter.value);
    const matches = compileFilter(filter.value);
    if (!matches.ok) {
      assertFault(matches.error, { codes: /^filter\./ });
      return;
    }
    const match = matches.value(anyNode);
    if (!match.ok) assertFault(match.error, { codes: /^filter\./ });
  },
});
