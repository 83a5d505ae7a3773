import { coreAgents, shippedAgents } from '@muster/agent/agents';
import { shippedData } from '@muster/agent/data';
import { publishedAgentSchema, publishedDataSchema } from '@muster/protocol/ddl';
import { ddlPage } from '@muster/protocol/ddl-docs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';

const reference = new URL('../../../docs/reference/', import.meta.url);
const fileOf = (name: string) => new URL(name, reference).pathname;

async function pretty(name: string, text: string): Promise<string> {
  const filepath = fileOf(name);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

// `vitest run --project unit test/contract/ddl -u` writes the files anew.
describe('what is published of DDLs says what the code does', () => {
  it.each([
    ['agent-ddl.schema.json', publishedAgentSchema()],
    ['data-ddl.schema.json', publishedDataSchema()],
  ])('%s', async (name, schema) => {
    await expect(await pretty(name, JSON.stringify(schema))).toMatchFileSnapshot(fileOf(name));
  });

  it('ddl.md', async () => {
    await expect(await pretty('ddl.md', ddlPage())).toMatchFileSnapshot(fileOf('ddl.md'));
  });
});

/** Reads documents with an implementation of JSON Schema that has nothing to do with the code that made the schema. */
const validator = (schema: object): ValidateFunction =>
  new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(schema);
const faultsOf = (validate: ValidateFunction, document: unknown) =>
  validate(JSON.parse(JSON.stringify(document)))
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);

describe('the published JSON Schema', () => {
  const agent = validator(publishedAgentSchema());
  const data = validator(publishedDataSchema());

  it.each([...coreAgents, ...shippedAgents].map(({ ddl }) => [ddl.name, ddl] as const))(
    'holds for the agent %s',
    (_name, ddl) => {
      expect(faultsOf(agent, ddl)).toEqual([]);
    },
  );
  it.each(shippedData.map(({ ddl }) => [ddl.name, ddl] as const))('holds for the data plugin %s', (_name, ddl) => {
    expect(faultsOf(data, ddl)).toEqual([]);
  });

  const metadata = { name: 'x', description: '', author: '', license: '', version: '1.0.0', url: '', timeout: 1 };
  const input = { type: 'string', prompt: '', description: '', validation: '.', maxlength: 1 };
  const of = (change: Record<string, unknown>) => ({
    kind: 'agent',
    ...metadata,
    actions: [{ name: 'a', description: '', effect: 'read', inputs: { i: { ...input, ...change } } }],
  });

  it('lets editors name it', () => {
    expect(faultsOf(agent, { $schema: './agent-ddl.schema.json', ...of({}) })).toEqual([]);
  });
  it.each([
    [of({ maxlength: undefined }), "/actions/0/inputs/i must have required property 'maxlength'"],
    [of({ validation: undefined }), "/actions/0/inputs/i must have required property 'validation'"],
    [of({ type: 'list' }), "/actions/0/inputs/i must have required property 'list'"],
    [of({ type: 'any' }), '/actions/0/inputs/i/type must be equal to one of the allowed values'],
    [of({ colour: 'red' }), '/actions/0/inputs/i must NOT have additional properties'],
    [{ ...of({}), actions: [] }, '/actions must NOT have fewer than 1 items'],
    [{ ...of({}), name: 'No Name' }, '/name must match pattern "^[a-z][a-z0-9_]{0,63}$"'],
    [{ ...of({}), timeout: 0 }, '/timeout must be > 0'],
  ])('refuses %j', (document, fault) => {
    expect(faultsOf(agent, document)).toContain(fault);
  });
});
