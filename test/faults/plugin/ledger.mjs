import { appendFileSync, closeSync, fsyncSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** One line for one execution, on the disk before the action goes on. The file lies outside of what the faults touch. */
function write({ request, node, settings }) {
  const { requestId, action, inputs } = request;
  const line = { requestId, node: node.identity, atMs: Date.now(), token: inputs.token, action };
  const file = openSync(settings.file, 'a');
  try {
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function writeAndPause(call, options) {
  const { token, ms, write: moment } = call.request.inputs;
  if (moment === 'first') write(call);
  await pause(ms, undefined, options);
  if (moment === 'last') write(call);
  call.reply.token = token;
}

export default {
  actions: {
    quick(call) {
      write(call);
      call.reply.token = call.request.inputs.token;
    },
    slow: (call) => writeAndPause(call),
    patient: (call) => writeAndPause(call, { signal: call.signal }),
    failing(call) {
      write(call);
      call.fail('This action always fails');
    },
  },
};
