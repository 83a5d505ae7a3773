import { ok, type Result } from '@muster/protocol/errors';
import { sealingRecipient, type Reply } from '@muster/protocol/messages';
import { z } from 'zod';
import type { Effects } from '../effects.ts';
import { askNodes, type Converse } from '../requests/index.ts';
import type { AnnouncedRecipient, RecipientStore } from '../storage/index.ts';

/** The public parts of nodes' sealing keys: to what sensitive inputs for each are encrypted. */
export interface Recipients {
  /** Those that are known. Errors: `storage.*`. */
  known(identities: readonly string[]): Promise<Result<ReadonlyMap<string, string>>>;
  /** Asks nodes for theirs, and keeps them; who does not answer in time is missing. Errors: those of the broker and of the database. */
  ask(
    identities: readonly string[],
    collective: string,
    signal: AbortSignal,
  ): Promise<Result<ReadonlyMap<string, string>>>;
  /** A node could not open what was sealed to the one that is known: it is asked before the next time. */
  forget(identity: string): Promise<void>;
}

/** How long nodes have to tell theirs, in milliseconds. */
const askMs = 5000;

const answer = z.object({ recipient: sealingRecipient });

/** What a signed answer tells of its node's recipient; undefined for nothing. */
export function readRecipient(
  reply: Pick<Reply, 'data' | 'issuedAtMs'>,
): Omit<AnnouncedRecipient, 'identity'> | undefined {
  const told = answer.safeParse(reply.data);
  return told.success ? { recipient: told.data.recipient, announcedAtMs: reply.issuedAtMs } : undefined;
}

/** Recipients from the database, else from the nodes. */
export function createRecipients(options: {
  readonly converse: Converse;
  readonly effects: Pick<Effects, 'randomBytes' | 'startTimer'>;
  readonly store: RecipientStore;
}): Recipients {
  const { converse, effects, store } = options;

  const known: Recipients['known'] = async (identities) => {
    const found = await store.recipientsOf(identities);
    return found.ok ? ok(new Map(found.value.map(({ identity, recipient }) => [identity, recipient]))) : found;
  };

  return {
    known,
    async ask(identities, collective, signal) {
      const announced: AnnouncedRecipient[] = [];
      const asked = await askNodes(converse, effects, {
        collective,
        agent: 'discovery',
        action: 'ping',
        identities,
        timeoutMs: askMs,
        signal,
        onReply({ reply }) {
          const told = readRecipient(reply);
          if (told !== undefined) announced.push({ identity: reply.sender, ...told });
        },
      });
      if (!asked.ok) return asked;
      const stored = await store.noteRecipients(announced);
      return stored.ok ? known(identities) : stored;
    },
    async forget(identity) {
      await store.forgetRecipient(identity);
    },
  };
}
