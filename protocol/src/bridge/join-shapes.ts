import { z } from 'zod';
import { keyFingerprint, waitingSchema } from '../enrolment/index.ts';
import { enrolledRoles } from '../identity/index.ts';

const decided = z.object({
  key: keyFingerprint,
  role: z.enum(enrolledRoles),
  name: z.string(),
  decision: z.enum(['approved', 'rejected']),
});

/** Requests to join the fleet. Faults of all: `authority.silent`, `join.not_approver`, those of the broker. */
export const joinEndpoints = {
  /** Who waits for approval, oldest first. */
  'joins.list': { params: z.object({}), result: z.object({ waiting: z.array(waitingSchema) }) },
  /** `replace`: takes back the certificates that the name has. Faults: `join.unknown_request`, `join.identity_taken`. */
  'joins.approve': { params: z.object({ key: keyFingerprint, replace: z.boolean() }), result: decided },
  /** Faults: `join.unknown_request`. */
  'joins.reject': { params: z.object({ key: keyFingerprint }), result: decided },
} as const;
