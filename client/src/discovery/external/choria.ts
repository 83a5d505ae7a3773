import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { type FactCondition, type FilterExpression } from '@muster/protocol/filter';
import type { DiscoveryChoice } from '@muster/protocol/bridge';
import { filterFlagTexts } from './filter-flags.ts';
import { largestOutputBytes, runProgram, type ProgramOrder } from './run-program.ts';

/* Choria's own protocol for discovery programs, so that those that exist can be used as they are. */

const requestProtocol = 'io.choria.choria.discovery.v1.external_request';
const replyProtocol = 'io.choria.choria.discovery.v1.external_reply';
const requestSchema = 'https://choria.io/schemas/choria/discovery/v1/external_request.json';

export interface ChoriaQuestion {
  readonly filter: FilterExpression;
  readonly collective: string;
  readonly options: DiscoveryChoice['options'];
}

/** Choria writes equality as `==`, and a regular expression between slashes. */
const choriaFact = ({ path, operator, value }: FactCondition) => ({
  fact: path,
  operator: operator === '=' ? '==' : operator,
  value: typeof value === 'string' ? value : `/${value.source}/${value.flags}`,
});

/** The filter in the five lists that Choria knows; expressions are in Muster's language. */
function choriaFilter(filter: FilterExpression) {
  const operands = filter.kind === 'and' ? filter.operands : [filter];
  const facts = operands.filter((operand) => operand.kind === 'fact');
  const flags = filterFlagTexts(filter);
  return {
    fact: facts.map(choriaFact),
    cf_class: flags.classes,
    agent: flags.agents,
    identity: flags.identities,
    compound: flags.select.map((expr) => [{ expr }]),
  };
}

function readReply(text: string, program: string): Result<string> {
  try {
    const reply: unknown = JSON.parse(text);
    const fields = new Map<string, unknown>(typeof reply === 'object' && reply !== null ? Object.entries(reply) : []);
    const error = fields.get('error');
    if (typeof error === 'string' && error !== '')
      return fail('discovery.failed', `${program} failed: ${error.slice(0, 300)}`);
    const protocol = fields.get('protocol');
    if (protocol === undefined || protocol === replyProtocol) return ok(text);
    return fail('discovery.failed', `${program} did not answer in the protocol ${replyProtocol}`);
  } catch {
    return fail('discovery.failed', `${program} did not write its answer as JSON`);
  }
}

/**
 * Runs a program the way Choria does: request and reply are files, named by arguments and environment.
 * Gives the JSON of the reply. Errors: `discovery.failed`, `run.interrupted`.
 */
export async function runChoriaProgram(
  question: ChoriaQuestion,
  order: Omit<ProgramOrder, 'env' | 'input' | 'cwd'>,
): Promise<Result<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-discovery-'));
  try {
    const requestFile = join(folder, 'request.json');
    const replyFile = join(folder, 'reply.json');
    const request = {
      $schema: requestSchema,
      protocol: requestProtocol,
      collective: question.collective,
      filter: choriaFilter(question.filter),
      options: question.options,
      timeout: order.timeoutMs / 1000,
    };
    await writeFile(requestFile, JSON.stringify(request), { mode: 0o600 });
    await writeFile(replyFile, '', { mode: 0o600 });
    const [program, ...args] = order.command;
    const ran = await runProgram({
      ...order,
      command: [program, ...args, requestFile, replyFile, requestProtocol],
      cwd: folder,
      env: {
        CHORIA_EXTERNAL_REQUEST: requestFile,
        CHORIA_EXTERNAL_REPLY: replyFile,
        CHORIA_EXTERNAL_PROTOCOL: requestProtocol,
      },
      input: '',
    });
    if (!ran.ok) return ran;
    if ((await stat(replyFile)).size > largestOutputBytes)
      return fail('discovery.failed', `${program} wrote more than ${largestOutputBytes / 1024 ** 2} MiB`);
    return readReply(await readFile(replyFile, 'utf8'), program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
