/**
 * Where results go: the terminal and, as JSON, the folder in `MUSTER_E2E_REPORTS`, where the summary of all checks reads
 * them. Without that variable only the terminal is told.
 */
export function reporters(environment: NodeJS.ProcessEnv): NonNullable<WebdriverIO.Config['reporters']> {
  const { MUSTER_E2E_REPORTS: outputDir } = environment;
  if (outputDir === undefined) return ['spec'];
  return ['spec', ['json', { outputDir, outputFileFormat: ({ cid }: { cid: string }) => `${cid}.json` }]];
}
