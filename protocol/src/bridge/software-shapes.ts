import { z } from 'zod';
import { idShape, sliceShape } from './shapes.ts';

/* What runs of `package checkupdates` have found, by package in place of by node. */

const runId = idShape;
const count = z.int().nonnegative();
const packageName = z.string().max(200);

/** Of how many versions of one package the counts come with a result. */
export const updateVersionsShown = 5;

/** A package of which nodes have an older version than they could have. */
export const packageUpdateShape = z.object({
  package: z.string(),
  /** How many nodes could update it. */
  nodes: count,
  /** Versions that are there to install, those for most nodes first. */
  versions: z.array(z.object({ version: z.string(), nodes: count })).max(updateVersionsShown),
  /** How many such versions there are. */
  distinct: count,
});
export type PackageUpdate = z.infer<typeof packageUpdateShape>;

export const softwareEndpoints = {
  /**
   * A slice of the packages that nodes of a run said they could update: those of most nodes first. `search` looks in their names. Nodes that
   * did not answer `ok` are not in it. Faults: `run.unknown`.
   */
  'software.updates': {
    params: z.object({ runId, search: z.string().max(200), ...sliceShape }),
    result: z.object({
      total: count,
      /** How many nodes have answered, and how many of those have nothing to update. */
      answered: count,
      current: count,
      updates: z.array(packageUpdateShape),
    }),
  },
  /** The names of the nodes that could update a package, sorted. Faults: `run.unknown`. */
  'software.updateNodes': {
    params: z.object({ runId, package: packageName }),
    result: z.object({ identities: z.array(z.string()) }),
  },
} as const;
