import { runs } from './0001-runs.ts';
import { inventory } from './0002-inventory.ts';
import { preferences } from './0003-preferences.ts';
import { columns } from './0004-columns.ts';
import { presets } from './0005-presets.ts';
import { runSelection } from './0006-run-selection.ts';
import { dataPlugins } from './0007-data-plugins.ts';
import { puppet } from './0008-puppet.ts';
import { runAction } from './0009-run-action.ts';
import { runProgress } from './0010-run-progress.ts';
import { notices } from './0011-notices.ts';
import { nodeRecipients } from './0012-node-recipients.ts';
import { runEvidence } from './0013-run-evidence.ts';
import { history } from './0014-history.ts';
import { nodeHealth } from './0015-node-health.ts';
import { factChanges } from './0016-fact-changes.ts';
import { recipes } from './0017-recipes.ts';
import { schedules } from './0018-schedules.ts';
import { notifications } from './0019-notifications.ts';

/** One step of the schema. `number` is its place; steps that have been released never change. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** All steps, in order. */
export const migrations: readonly Migration[] = [
  runs,
  inventory,
  preferences,
  columns,
  presets,
  runSelection,
  dataPlugins,
  puppet,
  runAction,
  runProgress,
  notices,
  nodeRecipients,
  runEvidence,
  history,
  nodeHealth,
  factChanges,
  recipes,
  schedules,
  notifications,
];
