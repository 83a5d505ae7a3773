import assert from 'node:assert/strict';
import { readAgentDdl, readDataDdl, validateInputs, withDefaults, type PluginDdl } from '@muster/protocol/ddl';
import { pluginHtml, pluginMarkdown, pluginText } from '@muster/protocol/ddl-docs';
import { lintDdl } from '@muster/protocol/ddl-lint';
import { assertFault } from '../promises.ts';

/** Inputs of all types, for whatever an action may ask. */
const anyInputs = ['', 'text', 7, 0.5, true, null, ['a'], { a: 1 }];

/** What holds for every DDL that was read: it reads back as it is, can be shown and checked, and its inputs can be asked for. */
export function assertDdl(ddl: PluginDdl): void {
  const document: unknown = JSON.parse(JSON.stringify(ddl));
  const again = ddl.kind === 'agent' ? readAgentDdl(document) : readDataDdl(document);
  assert.deepEqual(
    again,
    { ok: true, value: { ddl: document, warnings: [], origin: 'muster' } },
    'a DDL reads back as it is',
  );
  lintDdl(document);
  assert.notEqual(pluginText(ddl, 80, String), '');
  for (const print of [pluginMarkdown, pluginHtml]) assert.notEqual(print(ddl), '');
  if (ddl.kind === 'data') return;
  for (const action of ddl.actions) {
    for (const value of anyInputs) {
      const inputs = Object.fromEntries(Object.keys(action.inputs).map((name) => [name, value]));
      const fits = validateInputs(action, withDefaults(action, inputs));
      if (!fits.ok) assertFault(fits.error, { codes: /^request\.invalid_input$/ });
    }
  }
}
