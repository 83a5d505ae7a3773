import type { NamedProxy, SetupHandlers, SetupState } from '@muster/protocol/bridge';
import { fail, ok } from '@muster/protocol/errors';

/** A console that is not set up yet: one file is an invitation, and one set of files an identity. */
export class FakeSetup {
  readonly invitation = '/home/alice/alice.join';
  readonly key = 'ab'.repeat(32);
  /** What the last that joined said of the proxy. */
  proxy: NamedProxy | undefined;
  state: SetupState = {
    stage: 'asking',
    home: '/home/alice/.config/muster',
    joining: null,
    fault: null,
    hasBroker: true,
  };
  readonly #nowMs: () => number;
  readonly #tell: () => void;

  constructor(nowMs: () => number, tell: () => void) {
    this.#nowMs = nowMs;
    this.#tell = tell;
  }

  become(state: Partial<SetupState>): void {
    this.state = { ...this.state, ...state };
    this.#tell();
  }

  handlers(): SetupHandlers {
    const urls = ['amqps://broker.example.com:5671'];
    return {
      'setup.read': ({ file }) =>
        Promise.resolve(
          file === this.invitation
            ? ok({
                names: 'alice',
                collectives: ['muster'],
                urls,
                authority: { name: 'Example authority', fingerprint: 'cd'.repeat(32) },
                expiresMs: this.#nowMs() + 86_400_000,
              })
            : fail('config.unreadable', `${file} cannot be read: no such file`),
        ),
      'setup.join': ({ name, proxy }) => {
        if (proxy !== undefined && !/^https?:/.test(proxy.url)) {
          const proxyFault = { code: 'usage.invalid', message: 'A proxy is given as http://HOST:PORT' } as const;
          return Promise.resolve(ok({ proxyFault }));
        }
        this.proxy = proxy;
        const joining = { name: name ?? 'alice', urls, key: this.key, isHeld: true, trouble: null };
        this.become({ stage: 'joining', joining, fault: null });
        return Promise.resolve(ok({ proxyFault: null }));
      },
      'setup.leave': () => {
        this.become({ stage: 'asking', joining: null });
        return Promise.resolve(ok({}));
      },
      'setup.bring': ({ ca, evenUnreachable }) => {
        if (ca !== '/ca.pem') {
          const fault = { code: 'config.unreadable', message: `${ca} cannot be read` } as const;
          return Promise.resolve(ok({ problem: { field: 'ca', fault } }));
        }
        if (!evenUnreachable) {
          const fault = { code: 'broker.unreachable', message: 'Nobody answers' } as const;
          return Promise.resolve(ok({ problem: { field: 'urls', fault } }));
        }
        this.become({ stage: 'open' });
        return Promise.resolve(ok({ problem: null }));
      },
    };
  }
}
