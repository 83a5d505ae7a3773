import { parseRegistration } from '@muster/protocol/messages';
import { goldenMessages } from '../material/frames.ts';
import { messageTarget } from '../material/messages.ts';

export const openTarget = () =>
  messageTarget({
    about: "A node's sign of life as a console takes it: parsed without change, or refused by name.",
    role: 'node',
    parse: parseRegistration,
    starts: goldenMessages.filter(({ name }) => name === 'registration').map(({ message }) => message),
  });
