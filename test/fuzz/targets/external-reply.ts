import assert from 'node:assert/strict';
import { ActionFailure } from '@muster/agent/plugins';
import { parseReply, readActivation, readReply } from '../../../agent/src/external/reply.ts';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

export const openTarget = (): FuzzTarget => ({
  about: 'What a program that is an agent leaves in its reply file: data that can travel, or a failure in words.',
  maxBytes: 2 * 1024 * 1024,
  json: true,
  starts: [
    '{"statuscode":0,"statusmsg":"OK","data":{"path":"/","free":12.5,"full":false,"more":[1,null,{"a":"b"}]}}',
    '{"statuscode":1,"statusmsg":"/no/such does not exist","data":{}}',
    '{"data":null,"disableresponse":false}',
    '{"activate":true}',
  ],
  run(input) {
    const document = parseReply(toText(input));
    if (!document.ok) {
      assertFault(document.error, { codes: /^message\.malformed$/ });
      return;
    }
    readActivation(document.value);
    const reply = readReply('disk', document.value);
    if (!(reply instanceof ActionFailure)) return void JSON.stringify(reply);
    assert.ok(reply.statusCode > 0 && reply.message !== '');
    JSON.stringify(reply.data);
  },
});
