import type { Database } from 'better-sqlite3';
import type { Result } from '@muster/protocol/errors';
import { createPuppetNodes } from './puppet-nodes.ts';
import { createRunalls } from './runalls.ts';

/** What is known about Puppet, and runalls, under one revision. */
export function createPuppet(db: Database, matching: (filter: string) => Result<readonly string[]>) {
  const grow = db.prepare('UPDATE puppet SET revision = revision + 1');
  const changed = () => void grow.run();
  return { ...createPuppetNodes(db, { matching, changed }), ...createRunalls(db, changed) };
}
