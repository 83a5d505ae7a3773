import { z } from 'zod';
import { agentDdlSchema, dataDdlSchema, inputSchema } from './schema.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

const needs = (type: string, properties: readonly string[]): JsonSchema => ({
  if: { properties: { type: { const: type } } },
  then: { required: [...properties] },
});

/** What the schema of an input checks by code, in the words of JSON Schema. */
const inputNeeds: readonly JsonSchema[] = [needs('string', ['validation', 'maxlength']), needs('list', ['list'])];

function publish(schema: z.ZodType, about: { readonly id: string; readonly title: string }): JsonSchema {
  const { $schema, properties, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === inputSchema) jsonSchema.allOf = [...inputNeeds];
    },
  });
  return {
    ...($schema === undefined ? {} : { $schema }),
    $id: about.id,
    title: about.title,
    ...rest,
    properties: { $schema: { type: 'string', description: 'Where this schema is, for editors.' }, ...properties },
  };
}

/** The JSON Schema (draft 2020-12) of an agent's DDL, as it is published. */
export const publishedAgentSchema = (): JsonSchema =>
  publish(agentDdlSchema, { id: 'urn:muster:ddl:agent:v1', title: 'DDL of a Muster agent' });

/** The JSON Schema (draft 2020-12) of a data plugin's DDL, as it is published. */
export const publishedDataSchema = (): JsonSchema =>
  publish(dataDdlSchema, { id: 'urn:muster:ddl:data:v1', title: 'DDL of a Muster data plugin' });
