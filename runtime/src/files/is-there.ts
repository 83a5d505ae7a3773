import { access } from 'node:fs/promises';

/** Whether there is something at a path; false also when nobody may look. */
export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
