import type { Request } from '@muster/protocol/messages';
import { decide, policyQueries, type PolicyDecision, type PolicyRequest } from '@muster/protocol/policy';
import type { Clock } from '@muster/runtime/effects';
import type { NodeView } from '../node/index.ts';
import { DataAnswers, filterSubject, queryData } from '../plugins/index.ts';
import type { Authorizer, Decision } from '../requests/index.ts';
import type { PolicyStore } from './policy-store.ts';

export interface PolicyAuthorizerParts {
  readonly store: PolicyStore;
  /** Asked when something is to be decided, so that it may be built later. */
  readonly node: () => NodeView;
  readonly clock: Clock;
}

const toDecision = ({ allow, rule, reason }: PolicyDecision): Decision => ({ allowed: allow, rule, reason });

/** Decides by the policies of the node. What a data plugin does not answer in time counts as not known. */
export function createPolicyAuthorizer({ store, node: nodeNow, clock }: PolicyAuthorizerParts): Authorizer {
  async function judge(request: PolicyRequest): Promise<PolicyDecision> {
    const policies = await store.forAgent(request.agent);
    const node = nodeNow();
    const answers = new DataAnswers();
    for (const query of policyQueries(policies, request)) {
      const { plugin: name, argument } = query;
      const plugin = node.dataPlugins.get(name);
      if (plugin === undefined) continue;
      const outputs = await queryData(plugin, argument, { node, clock });
      if (outputs.ok) answers.take(query, { known: true, outputs: outputs.value });
    }
    return decide(policies, request, await filterSubject(node, answers));
  }

  return {
    async authorise({ caller, agent, action, inputs }: Request) {
      return toDecision(await judge({ caller, agent, action, inputs }));
    },
    async authoriseCancel(caller, { requestId }) {
      const inputs = { requestid: requestId };
      const decision = await judge({ caller, agent: 'requests', action: 'cancel', inputs });
      // Without a line that says so, nobody touches what others have asked for, however open the node is.
      if (decision.rule !== null || !decision.allow) return toDecision(decision);
      return { allowed: false, rule: null, reason: 'no policy says who may cancel the requests of others' };
    },
  };
}
