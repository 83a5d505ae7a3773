import { identityPattern } from '@muster/protocol/identity';
import { memberRoles, type Member } from '@muster/protocol/topology';

/** The user that RabbitMQ takes for the holder of a certificate: the whole name in it, so that roles cannot be taken for each other. */
const certificateUser = (role: string, name: string): string => `CN=${name},OU=${role},O=Muster`;

/** The broker user of somebody with a certificate, who has no password. */
export const memberUser = ({ role, name }: Member): string => certificateUser(role, name);

/** Whom a user of the broker stands for; undefined for users that are not ours to make and take away. */
export function readMemberUser(user: string): Member | undefined {
  const [, name = '', unit] = /^CN=([^,]*),OU=([^,]*),O=Muster$/.exec(user) ?? [];
  const role = memberRoles.find((known) => known === unit);
  return role === undefined || !identityPattern.test(name) ? undefined : { role, name };
}

/** The user as which the broker of another site connects. */
export const siteUser = (site: string): string => certificateUser('broker', site);

/** Where passwords are in use, the user that all nodes share. */
export const nodeAccount = 'muster-node';

/** Where passwords are in use, the user of one person. */
export const personAccount = (person: string): string => `person.${person}`;
