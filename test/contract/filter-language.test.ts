import { errorCatalogue } from '@muster/protocol/errors';
import {
  builderFaults,
  compileFilter,
  evaluateFilter,
  explainFilter,
  filterFromFlags,
  fromBuilder,
  parseFilter,
  printFilter,
  toBuilder,
  type FilterExpression,
  type FilterNode,
} from '@muster/protocol/filter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyFilter, junk, likelyFilter, nodes } from './filter-arbitraries.ts';
import { referenceMatch } from './filter-reference.ts';
import { spell } from './filter-spelling.ts';

/** Cases per property; `MUSTER_FUZZ=1000000` for the long form. */
const runs = Number(process.env['MUSTER_FUZZ'] ?? 2_000);
const timeout = 30_000 + runs * 10;

function expectAgreement(filter: FilterExpression, node: FilterNode): void {
  const expected = referenceMatch(filter, node);
  if (expected === 'no opinion') return;
  const compiled = compileFilter(filter);
  const actual = compiled.ok ? compiled.value(node) : compiled;
  expect(actual.ok ? actual.value : actual.error.code).toBe(expected === 'error' ? 'filter.value' : expected);
}

test('what is printed parses back to the same tree', { timeout }, () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      expect(parseFilter(printFilter(filter))).toEqual({ ok: true, value: filter });
    }),
    { numRuns: runs },
  );
});

test('every legal spelling of a tree parses to that tree', { timeout }, () => {
  fc.assert(
    fc.property(anyFilter, fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (filter, choices) => {
      let made = 0;
      const text = spell(filter, (count) => (choices[made++ % choices.length] ?? 0) % count);
      expect(parseFilter(text)).toEqual({ ok: true, value: filter });
    }),
    { numRuns: runs },
  );
});

test('the builder gives back the filter it was given, and stays in step with the text', { timeout }, () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const model = toBuilder(filter);
      expect(builderFaults(model)).toEqual([]);
      expect(fromBuilder(model)).toEqual({ ok: true, value: filter });
      const retyped = parseFilter(printFilter(filter));
      expect(retyped.ok && toBuilder(retyped.value)).toEqual(model);
    }),
    { numRuns: Math.max(runs, 10_000) },
  );
});

test('a filter selects what the reference evaluator selects', { timeout }, () => {
  fc.assert(
    fc.property(likelyFilter, nodes, (filter, node) => expectAgreement(filter, node)),
    { numRuns: runs },
  );
});

test('random strings are read or refused with a place, never thrown at', { timeout }, () => {
  fc.assert(
    fc.property(junk, nodes, (text, node) => {
      const filter = parseFilter(text);
      if (!filter.ok) {
        const { code, message, position } = filter.error;
        expect(errorCatalogue[code]).toBeDefined();
        expect(message).not.toBe('');
        expect(position).toBeDefined();
        const { start, end } = position ?? { start: -1, end: -1 };
        expect(start >= 0 && end >= start && end <= text.length).toBe(true);
        return;
      }
      expect(parseFilter(printFilter(filter.value))).toEqual(filter);
      expect(explainFilter(filter.value)).not.toBe('');
      expectAgreement(filter.value, node);
    }),
    { numRuns: runs * 2 },
  );
});

test('random flags are read or refused, never thrown at', { timeout }, () => {
  const texts = fc.array(junk, { maxLength: 2 });
  fc.assert(
    fc.property(
      fc.record(
        { facts: texts, classes: texts, agents: texts, identities: texts, with: texts, select: texts },
        { requiredKeys: [] },
      ),
      nodes,
      (flags, node) => {
        const filter = filterFromFlags(flags);
        if (!filter.ok) {
          expect(filter.error.code).toMatch(/^filter\./);
          return;
        }
        expect(parseFilter(printFilter(filter.value))).toEqual(filter);
        evaluateFilter(filter.value, node);
      },
    ),
    { numRuns: runs },
  );
});
