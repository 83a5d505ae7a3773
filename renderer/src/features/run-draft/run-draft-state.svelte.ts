import { identityPattern } from '@muster/protocol/identity';
import type { Target } from '@muster/protocol/bridge';
import { createContext } from 'svelte';
import { z } from 'zod';
import { plainRollout, rolloutDraftSchema } from '../rollout/rollout-draft.ts';

const draftSchema = z.object({
  agent: z.string().nullable(),
  action: z.string().nullable(),
  /** What was typed into the inputs, by their names; never those that are sensitive. */
  typed: z.record(z.string(), z.string()),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('filter'), filter: z.string() }),
    z.object({ kind: z.literal('nodes'), identities: z.array(z.string().regex(identityPattern)).min(1) }),
    z.object({ kind: z.enum(['group', 'preset']), name: z.string(), filter: z.string().optional() }),
  ]),
  timeoutSeconds: z.string(),
  rollout: rolloutDraftSchema.catch(plainRollout),
  /** The recipe that it comes from, with what that asks for; null without one. */
  recipe: z
    .object({
      name: z.string(),
      description: z.string(),
      prompts: z.array(z.object({ input: z.string(), label: z.string() })),
    })
    .nullable()
    .catch(null),
});
export type RunDraft = z.infer<typeof draftSchema>;

const storageKey = 'muster.draft';
const emptyDraft: RunDraft = {
  agent: null,
  action: null,
  typed: {},
  target: { kind: 'filter', filter: '' },
  timeoutSeconds: '',
  rollout: plainRollout,
  recipe: null,
};

/** The run that is being composed; it survives a reload of the window, and every view can put its nodes into it. */
export class RunDraftState {
  #draft = $state.raw<RunDraft>(emptyDraft);
  #taken = $state.raw(0);
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
    this.#draft = readDraft(storage.getItem(storageKey));
  }

  get draft(): RunDraft {
    return this.#draft;
  }
  /** How many times another run took the place of the one that was composed: what shows it begins anew. */
  get taken(): number {
    return this.#taken;
  }

  /** Another action ends the use of a recipe. */
  change(parts: Partial<RunDraft>): void {
    const { agent = this.#draft.agent, action = this.#draft.action } = parts;
    const isOther = agent !== this.#draft.agent || action !== this.#draft.action;
    this.#draft = { ...this.#draft, ...(isOther ? { recipe: null } : {}), ...parts };
    this.#storage.setItem(storageKey, JSON.stringify(this.#draft));
  }

  /** Another run is composed, in place of what there was. */
  take(run: RunDraft): void {
    this.change(run);
    this.#taken++;
  }

  /** Chooses an action; what was typed stays if it was chosen already. */
  pick(agent: string, action: string): void {
    if (agent !== this.#draft.agent || action !== this.#draft.action) this.change({ agent, action, typed: {} });
  }

  aim(target: Target): void {
    this.change({ target });
  }
}

function readDraft(stored: string | null): RunDraft {
  if (stored === null) return emptyDraft;
  try {
    return draftSchema.catch(emptyDraft).parse(JSON.parse(stored));
  } catch {
    return emptyDraft;
  }
}

export const [useRunDraft, provideRunDraft] = createContext<RunDraftState>();
