/** How an agent is written. */
export type AgentLanguage = 'javascript' | 'python' | 'bash' | 'ruby';

const lines = (actions: readonly string[], line: (action: string) => string): string => actions.map(line).join('\n');

const javascript = (
  name: string,
  actions: readonly string[],
): string => `// The agent ${name}. Its inputs and outputs are described in ${name}.json.

export default {
  actions: {
${lines(
  actions,
  (action) => `    /** Inputs fit the DDL; what is thrown becomes an answer with status 5. */
    async ${action}(call) {
      call.reply.text = call.request.inputs.text ?? '${action}';
    },`,
)}
  },
};
`;

const python = (name: string, actions: readonly string[]): string => `#!/usr/bin/env python3
"""The agent ${name}. Its inputs and outputs are described in ${name}.json."""

import json
import sys

${lines(
  actions,
  (action) => `
def ${action}_action(inputs):
    return {"text": inputs.get("text", "${action}")}
`,
)}

ACTIONS = {${actions.map((action) => `"${action}": ${action}_action`).join(', ')}}


def main(request_file, reply_file, protocol):
    with open(request_file, encoding="utf-8") as file:
        request = json.load(file)
    if protocol.endswith(".activation_request"):
        reply = {"activate": True}
    else:
        data = ACTIONS[request["action"]](request["data"])
        reply = {"statuscode": 0, "statusmsg": "OK", "data": data}
    with open(reply_file, "w", encoding="utf-8") as file:
        json.dump(reply, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
`;

const bash = (name: string, actions: readonly string[]): string => `#!/bin/bash
# The agent ${name}. Its inputs and outputs are described in ${name}.json.
set -euo pipefail

request_file=$1
reply_file=$2
protocol=$3

answer() { printf '{"statuscode": 0, "statusmsg": "OK", "data": {"text": "%s"}}\\n' "$1" > "$reply_file"; }

if [[ $protocol == *.activation_request ]]; then
  echo '{"activate": true}' > "$reply_file"
  exit 0
fi

# The name of the action stands before the inputs. To read inputs, use a program that knows JSON, such as jq.
action=$(grep -o '"action": *"[a-z0-9_]*"' "$request_file" | head -n 1 | cut -d '"' -f 4)
case $action in
${lines(actions, (action) => `  ${action}) answer ${action} ;;`)}
  *) exit 2 ;;
esac
`;

const ruby = (name: string, actions: readonly string[]): string => `#!/usr/bin/env ruby
# The agent ${name}. Its inputs and outputs are described in ${name}.json.

require "json"

ACTIONS = {
${lines(actions, (action) => `  "${action}" => ->(inputs) { { text: inputs.fetch("text", "${action}") } },`)}
}.freeze

request_file, reply_file, protocol = ARGV
request = JSON.parse(File.read(request_file))

reply =
  if protocol.end_with?(".activation_request")
    { activate: true }
  else
    { statuscode: 0, statusmsg: "OK", data: ACTIONS.fetch(request["action"]).call(request["data"]) }
  end

File.write(reply_file, JSON.generate(reply))
`;

const writers = { javascript, python, bash, ruby } as const;

/** The code of an agent to begin with. */
export const scaffoldCode = (language: AgentLanguage, name: string, actions: readonly string[]): string =>
  writers[language](name, actions);

const moduleTest = (name: string): string => `import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import agent from '../${name}.mjs';

const ddl = JSON.parse(await readFile(new URL('../${name}.json', import.meta.url), 'utf8'));

test('the module has the actions of the DDL', () => {
  assert.deepEqual(Object.keys(agent.actions).sort(), ddl.actions.map((action) => action.name).sort());
});

for (const { name, outputs } of ddl.actions) {
  test(\`\${name} answers what the DDL says\`, async () => {
    const reply = {};
    await agent.actions[name]({ request: { action: name, inputs: { text: 'hello' } }, reply });
    assert.deepEqual(Object.keys(reply).sort(), Object.keys(outputs).sort());
  });
}
`;

const programTest = (name: string): string => `import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../${name}', import.meta.url));
const ddl = JSON.parse(readFileSync(\`\${program}.json\`, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), '${name}-'));
after(() => rmSync(folder, { recursive: true }));

/** Calls the program as a node does. */
function ask(kind, request) {
  const [requestFile, replyFile] = [join(folder, 'request.json'), join(folder, 'reply.json')];
  const protocol = \`io.choria.mcorpc.external.v1.\${kind}\`;
  writeFileSync(requestFile, JSON.stringify({ protocol, agent: '${name}', ...request }));
  execFileSync(program, [requestFile, replyFile, protocol]);
  return JSON.parse(readFileSync(replyFile, 'utf8'));
}

test('the agent wants to be active', () => {
  assert.deepEqual(ask('activation_request', {}), { activate: true });
});

for (const { name, outputs } of ddl.actions) {
  test(\`\${name} answers what the DDL says\`, () => {
    const reply = ask('rpc_request', { action: name, data: { text: 'hello' } });
    assert.equal(reply.statuscode, 0);
    assert.deepEqual(Object.keys(reply.data).sort(), Object.keys(outputs).sort());
  });
}
`;

/** A test that the scaffold passes: \`node --test\`. */
export const scaffoldTest = (language: AgentLanguage, name: string): string =>
  language === 'javascript' ? moduleTest(name) : programTest(name);
