import type { Signer } from '@muster/protocol/envelope';
import type { Result } from '@muster/protocol/errors';

/** What is used from now on. */
export interface Renewed {
  readonly signer: Signer;
  /** For the connection to the broker, PEM; undefined where that has a certificate of its own. */
  readonly transport: { readonly certificate: string; readonly key: string } | undefined;
}

/** Where a certificate and its key lie, and how the next ones come into their place. */
export interface Holding {
  /**
   * What somebody else has put in place since, undefined when there is nothing new. Files that do not fit yet are nothing new: they are replaced one
   * after the other. Errors, once for each certificate: those of `checkOwnCertificate`.
   */
  replaced(): Promise<Result<Renewed | undefined>>;
  /** The request for the next certificate (PKCS #10, PEM), the same until that is taken or given up. Errors: `file.unwritable`, `key.agent`. */
  request(): Promise<Result<string>>;
  /** Puts the next certificate in place. Errors: those of `checkOwnCertificate`, `file.unwritable`. */
  take(certificatePem: string): Promise<Result<Renewed>>;
  /** What was requested will never be certified. */
  giveUp(): Promise<void>;
}
