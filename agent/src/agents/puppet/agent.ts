import type { AgentModule } from '../../api/index.ts';
import { disable, enable } from './lock.ts';
import { lastRunSummary, status } from './reports.ts';
import { resource } from './resource.ts';
import { runonce } from './runonce.ts';

const puppet: AgentModule = {
  actions: { disable, enable, last_run_summary: lastRunSummary, resource, runonce, status },
};

export default puppet;
