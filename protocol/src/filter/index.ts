import type { Result } from '../errors/index.ts';
import type { FilterExpression } from './ast.ts';
import type { BuilderGroup } from './builder-model.ts';
import type { FilterNode } from './node.ts';

export * from './ast.ts';
export type * from './builder-model.ts';
export type * from './node.ts';

export interface FilterFlags {
  readonly facts?: readonly string[];
  readonly classes?: readonly string[];
  readonly agents?: readonly string[];
  readonly identities?: readonly string[];
  readonly with?: readonly string[];
  readonly select?: readonly string[];
  readonly collectives?: readonly string[];
}
export interface DataQuery {
  readonly plugin: string;
  readonly argument: string;
}
export interface DiscoveryNeeds {
  readonly needsBroadcast: boolean;
  readonly plainIdentities: readonly string[] | null;
}
export type CompiledFilter = (node: FilterNode) => Result<boolean>;
export interface BuilderFault {
  readonly path: readonly number[];
  readonly fault: import('../errors/index.ts').Fault;
}

export declare function parseFilter(text: string): Result<FilterExpression>;
export declare function printFilter(expression: FilterExpression): string;
export declare function filterFromFlags(flags: FilterFlags): Result<FilterExpression>;
export declare function checkFilter(expression: FilterExpression): Result<FilterExpression>;
export declare function compileFilter(expression: FilterExpression): Result<CompiledFilter>;
export declare function evaluateFilter(expression: FilterExpression, node: FilterNode): Result<boolean>;
export declare function dataQueries(expression: FilterExpression): readonly DataQuery[];
export declare function discoveryNeeds(expression: FilterExpression): DiscoveryNeeds;
export declare function explainFilter(expression: FilterExpression): string;
export declare function expandIdentityRange(pattern: string, limit: number): Result<readonly string[]>;
export declare function toBuilder(expression: FilterExpression): BuilderGroup;
export declare function fromBuilder(model: BuilderGroup): Result<FilterExpression>;
export declare function builderFaults(model: BuilderGroup): readonly BuilderFault[];
