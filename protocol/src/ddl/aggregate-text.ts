import type { AggregateFinding, AggregateSummary } from './aggregate.ts';

const sparks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];

/** Numbers as a row of bars, one character each; the highest bar is the largest number, and only 0 has the lowest one. */
export function sparkline(values: readonly number[]): string {
  const max = Math.max(...values, 0);
  const steps = sparks.length - 1;
  return values
    .map((value) => sparks[value <= 0 || max === 0 ? 0 : Math.max(1, Math.round((value / max) * steps))] ?? '')
    .join('');
}

const plain = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(3));

/**
 * printf as DDLs use it: `%s`, `%d`, `%i`, `%f` with flags `-` and `0`, width and precision, and `%%`.
 * Directives beyond the arguments print nothing; anything else stands as it is.
 */
export function formatPrintf(format: string, args: readonly (string | number)[]): string {
  const rest = [...args];
  return format.replaceAll(
    /%([-0]*)(\d{1,3})?(?:\.(\d{1,2}))?([sdif%])/g,
    (_all, flags: string, width: string | undefined, precision: string | undefined, type: string) => {
      if (type === '%') return '%';
      const value = rest.shift() ?? '';
      const digits = precision === undefined ? 6 : Number(precision);
      const text =
        type === 's' || value === ''
          ? String(value)
          : type === 'f'
            ? Number(value).toFixed(digits)
            : String(Math.trunc(Number(value)));
      const size = Number(width ?? 0);
      if (flags.includes('-')) return text.padEnd(size);
      return text.padStart(size, flags.includes('0') && type !== 's' ? '0' : ' ');
    },
  );
}

function numbers(pairs: readonly (readonly [string, number | null])[], format: string | undefined): readonly string[] {
  if (format !== undefined)
    return [
      formatPrintf(
        format,
        pairs.map(([, value]) => value ?? 0),
      ),
    ];
  return [pairs.map(([name, value]) => `${name}: ${value === null ? '-' : plain(value)}`).join('  ')];
}

function countLines(
  counts: Extract<AggregateFinding, { kind: 'counts' }>['counts'],
  format: string | undefined,
): readonly string[] {
  if (format !== undefined) return counts.map(({ value, count }) => formatPrintf(format, [value, count]));
  const width = Math.max(...counts.map(({ value }) => value.length), 0);
  return counts.map(({ value, count }) => `${value.padStart(width)} = ${count}`);
}

/** An aggregate as lines of text: in the format of its DDL, else in a form of our own. No lines when no node answered. */
export function summaryLines({ answers, finding, format, output }: AggregateSummary): readonly string[] {
  if (finding.kind === 'impossible') return [`Could not compute summary - ${finding.reason}`];
  if (answers === 0) return [];
  switch (finding.kind) {
    case 'counts':
      return countLines(finding.counts, format);
    case 'average':
      return [formatPrintf(format ?? `Average of ${output}: %f`, [finding.value ?? 0])];
    case 'sum':
      return [formatPrintf(format ?? `Sum of ${output}: %f`, [finding.value ?? 0])];
    case 'minmax':
      return numbers(
        [
          ['Min', finding.min],
          ['Max', finding.max],
          ['Average', finding.average],
        ],
        format,
      );
    case 'percentiles':
      return numbers(
        [
          ['p50', finding.p50],
          ['p90', finding.p90],
          ['p95', finding.p95],
          ['p99', finding.p99],
        ],
        format,
      );
    case 'chart': {
      const [first] = finding.buckets;
      const last = finding.buckets.at(-1);
      return first === undefined || last === undefined
        ? []
        : [`${sparkline(finding.buckets.map(({ count }) => count))}  ${plain(first.from)} to ${plain(last.to)}`];
    }
  }
}
