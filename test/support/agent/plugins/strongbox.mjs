import { createHash } from 'node:crypto';

function put(call) {
  call.reply.digest = createHash('sha256').update(call.request.inputs.secret).digest('hex');
}

export default { actions: { put } };
