/** People and keys, as every change names whoever made it. */

/** In characters. The name is kept with every change, and lists are found by it. */
export const longestUserId = 200;
