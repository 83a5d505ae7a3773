import { notifyEventShape, notifyEvents, type NotifyEvent } from '@muster/protocol/bridge';
import { httpUrl, resolveFrom } from '@muster/runtime/config';
import { goesInTheClear, isLoopback } from '@muster/runtime/proxy';
import { z } from 'zod';

const name = z.string().regex(/^[\w-]{1,64}$/, 'use 1 to 64 letters, digits, underscores and hyphens');
const on = z
  .array(notifyEventShape)
  .min(1)
  .default([...notifyEvents])
  .describe('Of what it is told: `finished`, `failed`, `threshold`.');
const timeout = z.number().positive().max(120).default(10).describe('Seconds that the receiver may take.');
const file = z.string().min(1);

const webhook = z
  .strictObject({
    name,
    url: httpUrl('use https://host/path').describe('Where it is posted to.'),
    secret_file: file
      .optional()
      .describe(
        'File with the secret that signs it, and nothing else: `whsec_` and Base64. Without it, it is not signed.',
      ),
    token_file: file
      .optional()
      .describe('File with a token and nothing else, by which the receiver knows us: `Authorization: Bearer`.'),
    on,
    ca: file.optional().describe('Authorities that issued its certificate, PEM; default: those that Node.js knows.'),
    timeout,
    allow_http: z.boolean().default(false).describe('Whether it may be posted in the clear to another machine.'),
  })
  .superRefine(({ url, allow_http }, context) => {
    if (!allow_http && goesInTheClear(url))
      context.addIssue({ code: 'custom', path: ['url'], message: 'use https, or say allow_http: true' });
  });

/** How a connection to a mail server is secured, and where such servers listen. */
const tlsModes = ['starttls', 'implicit', 'none'] as const;
const usualPorts = { starttls: 587, implicit: 465, none: 25 } as const;

const address = z.email('use an address such as ops@example.com').max(254);

const mail = z
  .strictObject({
    name: name.default('mail'),
    server: z
      .string()
      .regex(/^[\w.:-]{1,255}$/, 'use the name or the address of a mail server')
      .describe('Server that takes mail.'),
    port: z.int().min(1).max(65_535).optional().describe('Its port; default: 587, 465 or 25, as `tls` says.'),
    tls: z
      .enum(tlsModes)
      .default('starttls')
      .describe('`starttls`, `implicit` from the first byte, or `none`: only to this machine, or with `allow_plain`.'),
    user: z.string().min(1).max(255).optional().describe('Who logs in; nobody when absent.'),
    password_file: file.optional().describe('File with the password of `user` and nothing else.'),
    from: address.describe('Address that it comes from.'),
    to: z.array(address).min(1).max(20).describe('Addresses that it goes to.'),
    on,
    ca: file.optional().describe('Authorities that issued its certificate, PEM; default: those that Node.js knows.'),
    timeout,
    allow_plain: z
      .boolean()
      .default(false)
      .describe('Whether mail and password may go in the clear to another machine.'),
  })
  .refine(({ user, password_file }) => (user === undefined) === (password_file === undefined), {
    error: '"user" and "password_file" go together',
  })
  .refine(({ tls, server, allow_plain }) => tls !== 'none' || allow_plain || isLoopback(server), {
    error: 'tls: none to another machine: use starttls or implicit, or say allow_plain: true',
  });

/** Section `notify` of `console.yaml`: whom to tell when runs end. Paths are relative to the file. */
export const notifySection = z
  .strictObject({ webhooks: z.array(webhook).max(50).default([]), mail: mail.optional() })
  .superRefine((section, context) => {
    const names = [...section.webhooks, ...(section.mail === undefined ? [] : [section.mail])].map((one) => one.name);
    const twice = names.find((one, place) => names.indexOf(one) !== place);
    if (twice !== undefined) context.addIssue({ code: 'custom', message: `two targets are called "${twice}"` });
  })
  .prefault({});

interface TargetSettings {
  readonly name: string;
  readonly on: readonly NotifyEvent[];
  /** File with the authorities that issued the receiver's certificate; null for those that Node.js knows. */
  readonly ca: string | null;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** A receiver of HTTP; files as absolute paths. */
export interface WebhookSettings extends TargetSettings {
  readonly kind: 'webhook';
  /** May be a secret itself, by its path. */
  readonly url: string;
  /** File with the secret that signs; null when nothing is signed. */
  readonly secretFile: string | null;
  /** File with the token that is sent along; null when there is none. */
  readonly tokenFile: string | null;
}

/** Mail to some people by one server; files as absolute paths. */
export interface MailSettings extends TargetSettings {
  readonly kind: 'mail';
  readonly server: string;
  readonly port: number;
  readonly tls: (typeof tlsModes)[number];
  /** Null when nobody logs in. */
  readonly user: string | null;
  readonly passwordFile: string | null;
  readonly from: string;
  readonly to: readonly string[];
}

export type NotifyTargetSettings = WebhookSettings | MailSettings;

/** The targets in their order. `configFile` is `console.yaml`. */
export function readNotifySettings(
  section: z.infer<typeof notifySection>,
  configFile: string,
): readonly NotifyTargetSettings[] {
  const at = (path: string | undefined) => (path === undefined ? null : resolveFrom(configFile, path));
  const common = ({
    name,
    on,
    ca,
    timeout,
  }: {
    name: string;
    on: NotifyEvent[];
    ca?: string | undefined;
    timeout: number;
  }) => ({
    ...{ name, on },
    ca: at(ca),
    timeoutMs: Math.round(timeout * 1000),
  });
  const webhooks = section.webhooks.map((target) => ({
    kind: 'webhook' as const,
    ...common(target),
    url: target.url,
    secretFile: at(target.secret_file),
    tokenFile: at(target.token_file),
  }));
  if (section.mail === undefined) return webhooks;
  const { server, tls, port = usualPorts[tls], user = null, password_file, from, to } = section.mail;
  const mails = { kind: 'mail' as const, ...common(section.mail), server, port, tls, user, from, to };
  return [...webhooks, { ...mails, passwordFile: at(password_file) }];
}
