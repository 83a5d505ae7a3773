/** The parts of a full version `[EPOCH:]VERSION[-RELEASE]`, as dpkg has them. */
export function versionParts(full: string): { epoch: number; version: string; release?: string } {
  const colon = full.indexOf(':');
  const rest = full.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number(full.slice(0, colon)),
    version: dash < 0 ? rest : rest.slice(0, dash),
    ...(dash < 0 ? {} : { release: rest.slice(dash + 1) }),
  };
}
