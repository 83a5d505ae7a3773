import type { Finding } from '@muster/protocol/bridge';
import { texts } from '../../texts/texts.ts';

/** A number with its name. */
export interface Figure {
  readonly label: string;
  readonly value: number | null;
}

/** The numbers that an aggregate comes to; none for counts and distributions. */
export function figuresOf(finding: Finding): readonly Figure[] {
  const words = texts.summaries;
  switch (finding.kind) {
    case 'average':
      return [{ label: words.average, value: finding.value }];
    case 'sum':
      return [{ label: words.sum, value: finding.value }];
    case 'minmax':
      return [
        { label: words.min, value: finding.min },
        { label: words.average, value: finding.average },
        { label: words.max, value: finding.max },
      ];
    case 'percentiles':
      return ([50, 90, 95, 99] as const).map((percent) => ({
        label: words.percentile(percent),
        value: finding[`p${percent}`],
      }));
    default:
      return [];
  }
}
