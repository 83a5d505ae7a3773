import { fail, ok, type Result } from '@muster/protocol/errors';
import { randomBytes } from '@muster/runtime/crypto';
import {
  joinFileBytes,
  newsText,
  proxyFromFlags,
  readJoinFile,
  setUp,
  type ProxyFlags,
} from '@muster/runtime/enrolment';
import { homeOf } from '../options/home.ts';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface JoinFlags extends ProxyFlags {
  readonly name?: string;
  readonly home?: string;
  readonly replace?: true;
  readonly json?: true;
}

/** `muster keys join`: waits until there is a certificate, or none to be had. */
export async function joinAs(file: string, flags: JoinFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout, stderr, now, interrupted } = surroundings;
  const proxy = proxyFromFlags(flags);
  if (!proxy.ok) return proxy;
  const text = await surroundings.readFile(file, { longestBytes: joinFileBytes });
  if (!text.ok) return text;
  const invitation = readJoinFile(text.value);
  if (!invitation.ok) return invitation;
  if (invitation.value.role !== 'person') {
    return fail('join.not_invited', 'The invitation is for a node', { mend: `On the node: muster-agent join ${file}` });
  }
  const done = await setUp({
    invitation: invitation.value,
    folder: homeOf(flags.home, surroundings),
    configuration: 'console.yaml',
    replaceFiles: flags.replace === true,
    proxy: proxy.value,
    ...(flags.name === undefined ? {} : { name: flags.name }),
    onNews: (news) => stderr.write(cleanText(newsText(news))),
    signal: interrupted,
    clock: now,
    randomBytes,
  });
  if (!done.ok) return done;
  const { name, certificate, key, ca, configuration, wroteConfiguration, toLookFor } = done.value;
  stdout.write(
    flags.json === true
      ? `${cleanJson({ person: name, certificate, key, ca, configuration: wroteConfiguration ? configuration : null })}\n`
      : cleanText(
          [
            `Certificate    ${certificate}`,
            `Key            ${key}  stays here; muster keys protect puts a passphrase on it`,
            wroteConfiguration
              ? `Configuration  ${configuration}`
              : `Configuration  ${configuration} was there already: see that it names ${toLookFor}`,
            '',
          ].join('\n'),
        ),
  );
  return ok(exitCodes.ok);
}
