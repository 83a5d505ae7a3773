import type { CertificateState } from '@muster/protocol/bridge';

const dayMs = 86_400_000;

/** A person's certificate that expires soon, and two authorities, one of which has. */
export function fakeCertificates(nowMs: number): CertificateState[] {
  const authority = { use: 'authority', role: 'authority' } as const;
  return [
    {
      use: 'own',
      role: 'person',
      name: 'alice',
      notBeforeMs: nowMs - 353 * dayMs,
      notAfterMs: nowMs + 12 * dayMs,
      fingerprint: '9f2c41d7'.repeat(8),
    },
    {
      ...authority,
      name: 'Example Ltd',
      notBeforeMs: nowMs - 800 * dayMs,
      notAfterMs: nowMs + 2850 * dayMs,
      fingerprint: '03be77a0'.repeat(8),
    },
    {
      ...authority,
      name: 'Example Ltd, before 2024',
      notBeforeMs: nowMs - 3653 * dayMs,
      notAfterMs: nowMs - 3 * dayMs,
      fingerprint: 'c1590e6b'.repeat(8),
    },
  ];
}
