import { requiredText, type ActionCall, type AgentModule } from '../../api/index.ts';
import { managedResources } from '../../puppet/index.ts';
import { typePattern } from '../puppet/ddl.ts';
import { puppetHere } from '../puppet/surroundings.ts';
import { askResources, type Question } from './ask-resources.ts';
import { titlePattern } from './ddl.ts';
import { parseResources, type Resource } from './parse-resources.ts';

/** An input that becomes a word of a command line, so it is looked at here, too. */
function word(call: ActionCall, name: string, pattern: string): string {
  const value = requiredText(call.request.inputs, name);
  if (!new RegExp(pattern).test(value)) call.fail(`Invalid ${name} '${value}'`);
  return value;
}

async function resources(call: ActionCall, question: Question): Promise<readonly Resource[]> {
  const { settings, files } = await puppetHere(call);
  const managed = await managedResources(files);
  return parseResources(await askResources(call, settings, question), { type: question.type, managed });
}

/** Tells how one resource is. One that is not there is absent, by Puppet's word. */
async function find(call: ActionCall): Promise<void> {
  const type = word(call, 'type', typePattern);
  const title = word(call, 'title', titlePattern);
  const [found] = await resources(call, { type, title });
  if (found === undefined) return call.fail(`Puppet does not know ${type}[${title}]`);
  Object.assign(call.reply, found);
}

/** Tells of all resources of a type. */
async function search(call: ActionCall): Promise<void> {
  call.reply['result'] = await resources(call, { type: word(call, 'type', typePattern) });
}

const puppetral: AgentModule = { actions: { find, search } };

export default puppetral;
