import type { Result } from '@muster/protocol/errors';
import { requiredText, type ActionCall, type AgentModule, type ModuleAction } from '../../api/index.ts';
import { isCertname } from './certname.ts';
import { changeCertificate, type Verb } from './change.ts';
import { openAuthority, type AuthorityFolder } from './folder.ts';
import { puppetCaSettings } from './settings.ts';

const valueOf = <T>(call: ActionCall, result: Result<T>): T =>
  result.ok ? result.value : call.fail(result.error.message);

const authorityOf = (call: ActionCall): AuthorityFolder =>
  valueOf(call, openAuthority(puppetCaSettings.parse(call.settings).cadir));

/** The name asked for. It is looked at once more here: it becomes a word of a command. */
function certnameOf(call: ActionCall): string {
  const name = requiredText(call.request.inputs, 'certname');
  return isCertname(name) ? name : call.fail('This is no name of a certificate', 4);
}

const changing =
  (verb: Verb): ModuleAction =>
  async (call) => {
    const certname = certnameOf(call);
    const settings = puppetCaSettings.parse(call.settings);
    const change = { authority: authorityOf(call), settings, run: call.run };
    const { out, failure } = valueOf(call, await changeCertificate(verb, certname, change));
    call.reply['out'] = out;
    if (failure !== undefined) call.fail(failure);
  };

async function list(call: ActionCall): Promise<void> {
  Object.assign(call.reply, valueOf(call, await authorityOf(call).list()));
}

async function status(call: ActionCall): Promise<void> {
  call.reply['msg'] = valueOf(call, await authorityOf(call).status(certnameOf(call)));
}

const puppetca: AgentModule = {
  actions: { clean: changing('clean'), revoke: changing('revoke'), sign: changing('sign'), list, status },
};
export default puppetca;
