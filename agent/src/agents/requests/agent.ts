import { abort, defineAgent, type Action } from '../../plugins/index.ts';
import { requestsDdl } from './ddl.ts';

const cancel: Action = async (asking, { node, logger }) => {
  const { caller, inputs } = asking;
  const requestId = String(inputs['requestid']);
  const result = await node.cancelRequest({ asking, requestId });
  if (result === 'denied') {
    logger.warn({ event: 'cancel.denied', requestId, caller }, 'a person may not cancel the request of another');
    return abort('Only who sent a request may cancel it');
  }
  return result === 'noted' ? { result: 'unknown', noted: true } : { result };
};

/**
 * What can be done about requests. It waits for no other, so that what runs or waits can be cancelled at once; and it decides who may do
 * what by whose request it is.
 */
export const requests = defineAgent(requestsDdl, { cancel }, { immediate: true, authorisesItself: true });
