/** What became of held runs, as the API answers. */
import { z } from 'zod';

export const releaseAnswer = z.object({ outcome: z.enum(['released', 'already_released', 'refused']) });
export const discardAnswer = z.object({ outcome: z.enum(['discarded', 'already_discarded']) });
export const releaseAllAnswer = z.object({ released: z.int(), refused: z.int() });
export const discardAllAnswer = z.object({ discarded: z.int() });
