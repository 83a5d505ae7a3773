import type { EndpointResult } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

type Waiting = EndpointResult<'joins.list'>['waiting'][number];
type Decided = EndpointResult<'joins.approve'>;

const minuteMs = 60_000;

/** An authority at which a new node waits, one that was set up anew, and a person. */
export class FakeJoins {
  waiting: Waiting[];
  /** Set to have the authority away. */
  isSilent = false;

  constructor(nowMs: () => number) {
    const asked = (minutes: number) => nowMs() - minutes * minuteMs;
    const common = { invitation: '5be1c6f09a7d2e34', holdsUntilMs: null };
    this.waiting = [
      { ...common, key: '7a41c9d2'.repeat(8), role: 'node', name: 'web31.example.com', askedAtMs: asked(3) },
      {
        ...common,
        key: 'e80b52f6'.repeat(8),
        role: 'node',
        name: 'db02.example.com',
        askedAtMs: asked(47),
        holdsUntilMs: nowMs() + 60 * 24 * 60 * minuteMs,
      },
      { ...common, key: '19d3aa07'.repeat(8), role: 'person', name: 'carol', askedAtMs: asked(190) },
    ];
  }

  list(): Result<EndpointResult<'joins.list'>> {
    return this.isSilent
      ? fail('authority.silent', 'No certificate authority took the question, or none answered in time', {
          mend: 'See that muster ca serve runs.',
        })
      : ok({ waiting: this.waiting });
  }

  decide(key: string, how: 'approve' | 'replace' | 'reject'): Result<Decided> {
    const found = this.waiting.find((one) => one.key === key);
    if (found === undefined) return fail('join.unknown_request', 'No such request waits');
    if (how === 'approve' && found.holdsUntilMs !== null) {
      return fail('join.identity_taken', `There is a certificate of ${found.role} "${found.name}" that still holds`);
    }
    this.waiting = this.waiting.filter((one) => one !== found);
    const { role, name } = found;
    return ok({ key, role, name, decision: how === 'reject' ? 'rejected' : 'approved' });
  }
}
