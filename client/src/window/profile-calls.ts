import type { EndpointName, ProfileHandlers, StreamName } from '@muster/protocol/bridge';
import { fail } from '@muster/protocol/errors';

/** Whether a call is answered while the console is locked or not set up: one may look for another fleet, and go there. */
export const isForWhoeverWaits = (name: EndpointName | StreamName): boolean =>
  name === 'profiles.list' || name === 'profiles.open';

const isNotKept = () => Promise.resolve(fail('bridge.unknown_endpoint', 'This host keeps no fleets'));

/** What a host answers that shows one home and nothing else. */
export const noProfiles: ProfileHandlers = {
  'profiles.list': isNotKept,
  'profiles.add': isNotKept,
  'profiles.change': isNotKept,
  'profiles.use': isNotKept,
  'profiles.remove': isNotKept,
  'profiles.open': isNotKept,
};
