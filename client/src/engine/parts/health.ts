import type { EndpointParams, EndpointResult, Health, Notice } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { Stop } from '../engine.ts';

/** How fleet and console do, by what is known without asking any node. See `health.*` of the window's contract for the faults. */
export interface EngineHealth {
  get(): Promise<Result<Health>>;
  nodes(params: EndpointParams<'health.nodes'>): Promise<Result<EndpointResult<'health.nodes'>>>;
  identities(params: EndpointParams<'health.identities'>): Promise<Result<readonly string[]>>;
}

/** What people have to be told of the database. */
export interface Notices {
  /** Those that nobody has dismissed, and the trouble that the database is in now. */
  list(): Promise<Result<readonly Notice[]>>;
  dismiss(noticeId: number): Promise<Result<void>>;
  /** Those that no command line has told yet; from then on they count as told. */
  takeUntold(): Promise<Result<readonly Notice[]>>;
  /** Told all notices when they have changed, from now on; of what other processes change within some seconds. */
  onChange(listener: (notices: readonly Notice[]) => void): Stop;
}
