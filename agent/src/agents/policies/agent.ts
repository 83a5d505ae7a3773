import { abort, defineAgent, type ActionData, type AgentPlugin } from '../../plugins/index.ts';
import type { InstalledBundle, PolicyBundles } from '../../policies/index.ts';
import { policiesDdl } from './ddl.ts';

const told = (bundle: InstalledBundle | null): ActionData => ({
  version: bundle?.version ?? 0,
  signer: bundle?.signer ?? '',
});

/** The agent of a node that takes signed policies. Who may sign them decides which govern; others need a policy for it. */
export const policiesAgent = (bundles: PolicyBundles): AgentPlugin => ({
  ...defineAgent(policiesDdl, {
    async status() {
      const { governing, kept } = await bundles.status();
      return { ...told(governing), kept };
    },
    async install({ inputs }) {
      const frame = typeof inputs['bundle'] === 'string' ? Buffer.from(inputs['bundle'], 'base64') : Buffer.alloc(0);
      const installed = await bundles.install(frame);
      return installed.ok ? told(installed.value) : abort(installed.error.message);
    },
    async rollback({ inputs }) {
      const version = typeof inputs['version'] === 'number' ? inputs['version'] : undefined;
      const back = await bundles.rollBack(version);
      return back.ok ? told(back.value) : abort(back.error.message);
    },
  }),
  decide: ({ sender }) =>
    bundles.maySign(sender) ? { allowed: true, reason: 'the caller may sign policies of this node' } : undefined,
});
