import { config } from 'zod';

// Must be evaluated before any schema module: zod otherwise tries `new Function`, which the page's
// content security policy reports as a violation.
config({ jitless: true });
