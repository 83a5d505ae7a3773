import { z } from 'zod';

// The window's content security policy forbids to make code from text, which zod does to be faster. This module comes
// before all that builds schemas.
z.config({ jitless: true });
