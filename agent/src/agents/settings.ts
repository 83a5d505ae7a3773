import { z } from 'zod';

/** A path that does not depend on where the agent was started. */
export const absolutePath = z.string().startsWith('/', { error: 'must be an absolute path' }).max(1000);
