import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fail, faultFrom, type Result } from '@muster/protocol/errors';
import type { ProxySection } from '@muster/runtime/config';
import { randomBytes } from '@muster/runtime/crypto';
import { newsText, readJoinFile, setUp, type JoinFile, type SetUp } from '@muster/runtime/enrolment';

/** What `muster-agent join` is told. */
export interface JoinCommand {
  readonly file: string;
  readonly folder: string;
  /** Default: the name in the invitation where it is one, else that of this machine. */
  readonly identity: string | undefined;
  readonly replace: boolean;
  /** The proxy to the broker; what a configuration in the folder says when absent. */
  readonly proxy: ProxySection | undefined;
}

async function readInvitation(file: string): Promise<Result<JoinFile>> {
  try {
    return readJoinFile(await readFile(file, 'utf8'));
  } catch (thrown) {
    return fail('join.unreadable', `The invitation cannot be read: ${faultFrom(thrown).message}`);
  }
}

/** Joins a fleet as a node; `say` is told how it goes. Errors: those of `setUp`, `join.unreadable`. */
export async function joinAsNode(
  { file, folder, identity, replace, proxy }: JoinCommand,
  { say, signal }: { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<Result<SetUp>> {
  const invitation = await readInvitation(file);
  if (!invitation.ok) return invitation;
  const { role, names } = invitation.value;
  if (role !== 'node') {
    return fail('join.not_invited', 'The invitation is for a person', {
      mend: `As that person: muster keys join ${file}`,
    });
  }
  const name = identity ?? (/[*?[]/.test(names) ? hostname() : names);
  return setUp({
    invitation: invitation.value,
    name,
    folder,
    configuration: 'agent.yaml',
    replaceFiles: replace,
    proxy,
    onNews: (news) => say(newsText(news)),
    signal,
    clock: Date.now,
    randomBytes,
  });
}

/** What is said of a node that has joined. */
export function joinedText(done: SetUp): string {
  const { name, certificate, key, configuration, wroteConfiguration, toLookFor } = done;
  const what = wroteConfiguration
    ? configuration
    : `${configuration} was there already: see that it names ${toLookFor}`;
  return `Joined         as ${name}\nCertificate    ${certificate}\nKey            ${key}  stays here\nConfiguration  ${what}\nStart it       muster-agent --config ${configuration}\n`;
}
