import { ok, type Result } from '@muster/protocol/errors';
import { defaultCollective, type EnrolledRole } from '@muster/protocol/identity';
import { invite } from '@muster/runtime/authority';
import { readAuthoritySettings } from '@muster/runtime/authority-service';
import { writeJoinFile } from '@muster/runtime/enrolment';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { withAuthority } from './with-authority.ts';

export interface InviteFlags {
  readonly uses: number;
  /** How long it is good, in milliseconds. */
  readonly for: number;
  readonly days?: number;
  readonly atOnce?: true;
  readonly replaceHolder?: true;
  readonly collective?: readonly string[];
  readonly out?: string;
  readonly replace?: true;
  readonly json?: true;
}

const hourMs = 3_600_000;
const usualDays: Readonly<Record<EnrolledRole, number>> = { node: 90, person: 365 };

/** `muster ca invite`. */
export async function inviteTo(
  { folder, role, names }: { readonly folder: string; readonly role: EnrolledRole; readonly names: string },
  flags: InviteFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { uses, days = usualDays[role], collective: limits } = flags;
  const collectives = limits ?? [defaultCollective];
  const settings = await readAuthoritySettings(folder);
  if (!settings.ok) return settings;
  const { urls, server_name: serverName } = settings.value.broker;
  const atOnce = flags.atOnce === true;
  return withAuthority(folder, surroundings, async (authority) => {
    const order = {
      role,
      names,
      uses,
      hours: flags.for / hourMs,
      atOnce,
      replace: flags.replaceHolder === true,
      ...(limits === undefined ? {} : { collectives: [...limits] }),
    };
    const invited = await invite(authority, { ...order, validDays: days });
    if (!invited.ok) return invited;
    const { invitation } = invited.value;
    const expires = new Date(surroundings.now() + flags.for).toISOString();
    const file = flags.out ?? `${invitation}.join`;
    const content = writeJoinFile({
      muster: 'join.v1',
      ...invited.value,
      role,
      names,
      collectives: [...collectives],
      broker: { urls, ...(serverName === undefined ? {} : { serverName }) },
      ca: authority.certificatePem,
      expires,
    });
    const written = await surroundings.writeFile(file, content, { replace: flags.replace === true, secret: true });
    if (!written.ok) return written;
    const how = role === 'node' ? `muster-agent join ${file}` : `muster keys join ${file}`;
    surroundings.stdout.write(
      flags.json === true
        ? `${cleanJson({ invitation, file, role, names, uses, atOnce, expires })}\n`
        : cleanText(
            [
              `Invitation  ${invitation}  ${uses === 1 ? 'once' : `${uses} times`}, until ${expires}`,
              `For         ${role} ${names}${atOnce ? ', without approval' : ', approved by a person: muster join list'}`,
              `File        ${file}  for the invited alone: ${how}`,
              '',
            ].join('\n'),
          ),
    );
    return ok(exitCodes.ok);
  });
}
