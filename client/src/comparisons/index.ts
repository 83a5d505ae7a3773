export { createComparisons } from './comparisons.ts';
export type { Comparisons, ComparisonOrder } from './comparisons.ts';
