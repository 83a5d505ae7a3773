import { z } from 'zod';
import { identityPattern } from '../identity/index.ts';
import { callerPattern, policyLimits } from '../policy/index.ts';

/** What is wrong with one of the files, and where; lines and columns count from 1, both null for a file as a whole. */
const policyFaultShape = z.object({
  file: z.string(),
  line: z.int().positive().nullable(),
  column: z.int().positive().nullable(),
  message: z.string(),
});

/** Policies, tried without a node being asked. */
export const policyEndpoints = {
  /**
   * What a node of the inventory would decide under these files, by name. Inputs are texts, read as the inventory's DDL says, else as the
   * policies compare them. Faults: `node.unknown`, `request.unknown_action`, `request.invalid_input`.
   */
  'policies.check': {
    params: z.object({
      files: z.record(z.string().max(255), z.string().max(policyLimits.fileBytes)),
      caller: z.string().regex(callerPattern),
      agent: z.string().min(1).max(64),
      action: z.string().min(1).max(64),
      inputs: z.record(z.string().max(255), z.string()),
      identity: z.string().regex(identityPattern),
    }),
    result: z.object({
      allow: z.boolean(),
      rule: z.object({ file: z.string(), line: z.int().positive() }).nullable(),
      reason: z.string(),
      /** The first 100, also of files that do not govern the agent. */
      faults: z.array(policyFaultShape),
    }),
  },
} as const;
