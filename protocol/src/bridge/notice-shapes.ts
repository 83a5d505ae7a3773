import { z } from 'zod';
import { faultShape } from './shapes.ts';

/** What a person has to be told of the console: of its database, or of notifications that do not arrive. */
export const noticeShape = faultShape.pick({ code: true, message: true }).extend({
  /** Null for what is so now, such as a full disk: it cannot be dismissed, and goes by itself. */
  noticeId: z.int().nullable(),
  /** What can be done. */
  mend: z.string(),
  atMs: z.number(),
});
/**
 * `storage.corrupt`: a damaged file was set aside, or is in use. `storage.full`: nothing can be stored. `notify.given_up`: a notification did not arrive in
 * its time. Other codes are of what a person has to mend before one can arrive: the message begins with the name of the target.
 */
export type Notice = z.infer<typeof noticeShape>;

const all = z.object({ notices: z.array(noticeShape) });

export const noticeEndpoints = {
  /** Notices that nobody has dismissed, the oldest first. */
  'notices.list': { params: z.object({}), result: all },
  /** Says that it was read, for every window of this database. */
  'notices.dismiss': { params: z.object({ noticeId: z.int() }), result: z.object({}) },
} as const;

export const noticeStreams = {
  /** All notices, whenever one comes or goes; of what other processes dismiss within some seconds. */
  'notices.changes': { params: z.object({}), item: all },
} as const;
