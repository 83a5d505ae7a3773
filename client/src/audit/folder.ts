import { join } from 'node:path';

/** Where a home has its audits. */
export const auditFolder = (home: string): string => join(home, 'audit');
