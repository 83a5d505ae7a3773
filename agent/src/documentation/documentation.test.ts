import { describe, expect, it } from 'vitest';
import { agentDdlSchema } from '@muster/protocol/ddl';
import { policiesDdl } from '../agents/policies/ddl.ts';
import { coreAgents, shippedAgents } from '../agents/index.ts';
import { shippedData } from '../data/index.ts';
import { configurationPage } from './configuration-page.ts';
import { agentPage, dataPage } from '@muster/protocol/ddl-docs';

const reference = '../../../docs/reference';

// `vitest run --project unit agent/src/documentation -u` writes the pages anew.
describe('the reference pages say what the code does', () => {
  it('configuration', async () => {
    await expect(configurationPage()).toMatchFileSnapshot(`${reference}/agent-configuration.md`);
  });

  it.each(
    [...coreAgents, ...shippedAgents, { ddl: agentDdlSchema.parse(policiesDdl) }].map(
      ({ ddl }) => [ddl.name, ddl] as const,
    ),
  )('agent %s', async (name, ddl) => {
    await expect(agentPage(ddl)).toMatchFileSnapshot(`${reference}/agents/${name}.md`);
  });

  it('data plugins', async () => {
    await expect(dataPage(shippedData.map(({ ddl }) => ddl))).toMatchFileSnapshot(
      `${reference}/agents/data-plugins.md`,
    );
  });
});
