/** Names under which the launcher tells its workers where things are. */
export const surroundingsVariables = { home: 'MUSTER_E2E_HOME', fleetSocket: 'MUSTER_E2E_FLEET_SOCKET' } as const;

/** How many nodes the fleet has. */
export const fleetSize = 25;

/** The fleet that the launcher started for all specs. */
export interface Surroundings {
  /** Its Muster home. */
  readonly home: string;
  /** The socket on which it takes commands. */
  readonly fleetSocket: string;
}

export function surroundings(): Surroundings {
  const { [surroundingsVariables.home]: home, [surroundingsVariables.fleetSocket]: fleetSocket } = process.env;
  if (home === undefined || fleetSocket === undefined) throw new Error('Specs are run by `npm run e2e`');
  return { home, fleetSocket };
}
