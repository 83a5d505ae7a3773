import { parseReply } from '@muster/protocol/messages';
import { goldenMessages } from '../material/frames.ts';
import { messageTarget } from '../material/messages.ts';

export const openTarget = () =>
  messageTarget({
    about: 'A reply as a console takes it: parsed without change, or refused by name.',
    role: 'node',
    parse: parseReply,
    starts: goldenMessages.filter(({ name }) => name === 'reply').map(({ message }) => message),
  });
