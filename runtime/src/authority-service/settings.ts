import { z } from 'zod';
import { brokerSection, identityName } from '../config/index.ts';

/** `authority.yaml` in the folder of an authority. */
export const authoritySettings = z.strictObject({
  /** How the authority reaches the broker, and those who are invited. */
  broker: brokerSection,
  /** People who may approve and reject requests to join. */
  approvers: z.array(identityName).max(1000).default([]),
});

export type AuthoritySettings = z.infer<typeof authoritySettings>;
