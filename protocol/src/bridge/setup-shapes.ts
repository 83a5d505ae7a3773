import { z } from 'zod';
import { faultShape } from './shapes.ts';

const path = z.string().min(1).max(4096);
const nothing = z.object({});

/** The fields of what a person brings along; a problem names the one that it is in. */
export const broughtFields = ['urls', 'ca', 'certificate', 'key', 'proxy'] as const;
export type BroughtField = (typeof broughtFields)[number];

/** A proxy to the broker as a person names it; its password is in a file. */
export const namedProxyShape = z.object({
  /** `http://host:port` or `https://host:port`; who logs in may stand before the host, a password may not. */
  url: z.string().max(2048),
  username: z.string().max(255).optional(),
  passwordFile: path.optional(),
  /** Authorities that issued the proxy's certificate; those that the console knows when absent. */
  ca: path.optional(),
  /** Servers that are reached directly. */
  except: z.array(z.string().max(255)).max(100).optional(),
  /** Whether the password may go in the clear to a proxy on another machine. */
  allowHttp: z.boolean().optional(),
});
export type NamedProxy = z.infer<typeof namedProxyShape>;

/** How far the setting up of a console is. */
export const setupStateShape = z.object({
  /** `open`: the console is there, and answers all other calls. */
  stage: z.enum(['asking', 'joining', 'opening', 'open']),
  /** The folder that is set up; null once that is done. */
  home: z.string().nullable(),
  /** Null unless it joins. */
  joining: z
    .object({
      name: z.string(),
      urls: z.array(z.string()),
      /** Fingerprint of the key that was made here, which who approves compares; null until there is one. */
      key: z.string().nullable(),
      /** A person has to approve. */
      isHeld: z.boolean(),
      /** Why it cannot ask just now; it goes on trying. */
      trouble: faultShape.nullable(),
    })
    .nullable(),
  /** Why the last attempt ended. */
  fault: faultShape.nullable(),
  /** Whether RabbitMQ is installed here, which a fleet to play with needs. */
  hasBroker: z.boolean(),
});
export type SetupState = z.infer<typeof setupStateShape>;

/** What an invitation is for; the keys in it stay with the console. */
export const invitationShape = z.object({
  /** The name, or a glob of names, that it is for. */
  names: z.string(),
  collectives: z.array(z.string()),
  urls: z.array(z.string()),
  /** Whom the console will believe, by the name and the SHA-256 of its certificate. */
  authority: z.object({ name: z.string(), fingerprint: z.string() }),
  expiresMs: z.number(),
});
export type Invitation = z.infer<typeof invitationShape>;

/**
 * How a console without a configuration gets one. Files are named by their paths on the computer of the console, which reads them itself: no
 * key enters the window. Fault of all but `setup.changes`: `usage.invalid` when the console is set up already.
 */
export const setupEndpoints = {
  /** Faults: `join.unreadable`, `join.not_invited`, `config.unreadable`. */
  'setup.read': { params: z.object({ file: path }), result: invitationShape },
  /**
   * Begins to join; what becomes of it is told by `setup.changes`, and goes on after a restart. `proxyFault`: why it was not begun, when it is
   * for what was said of the proxy. Faults: those of `setup.read`.
   */
  'setup.join': {
    params: z.object({ file: path, name: z.string().max(255).optional(), proxy: namedProxyShape.optional() }),
    result: z.object({ proxyFault: faultShape.nullable() }),
  },
  /** Waits for the approval no longer. */
  'setup.leave': { params: nothing, result: nothing },
  /**
   * Takes copies of files that a person has already, once they fit together and the broker lets their holder in. `evenUnreachable`: also when
   * the broker does not.
   */
  'setup.bring': {
    params: z.object({
      urls: z.array(z.string().max(500)).min(1).max(20),
      ca: path,
      certificate: path,
      key: path,
      proxy: namedProxyShape.optional(),
      evenUnreachable: z.boolean(),
    }),
    result: z.object({ problem: z.object({ field: z.enum(broughtFields), fault: faultShape }).nullable() }),
  },
} as const;

export const setupStreams = {
  'setup.changes': { params: nothing, item: setupStateShape },
} as const;
