import type { X509Certificate } from 'node:crypto';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { verifyAudit, type AuditReport } from '@muster/runtime/audit';
import type { RoleOf } from '@muster/runtime/crypto';
import { findChains } from './chains.ts';

/** What a chain was found to be. */
export interface ChainReport {
  readonly name: string;
  readonly report: AuditReport;
}

/** Verifies all chains of a folder. Errors: `audit.unreadable`. */
export async function verifyChains(
  folder: string,
  { authorities, roleOf }: { readonly authorities: readonly X509Certificate[]; readonly roleOf?: RoleOf },
): Promise<Result<readonly ChainReport[]>> {
  const reports: ChainReport[] = [];
  try {
    for (const { name, files } of await findChains(folder)) {
      const report = await verifyAudit(files, {
        kind: 'authorities',
        certificates: authorities,
        ...(roleOf === undefined ? {} : { roleOf }),
      });
      if (!report.ok) return report;
      reports.push({ name, report: report.value });
    }
    return ok(reports);
  } catch (thrown) {
    return fail('audit.unreadable', `The audit cannot be read: ${faultFrom(thrown).message}`);
  }
}
