/** What a list of the directory shows, as its address says it. */
export interface DirectorySearch {
  search?: string;
  cursor?: string;
  /** A new record is made. */
  add?: 'yes';
}

/** Leaves out what is none of it: a link may be old or mistyped. */
export function readDirectorySearch({ search, cursor, add }: Record<string, unknown>): DirectorySearch {
  return {
    ...(typeof search === 'string' && search.trim() !== '' && { search: search.trim() }),
    ...(typeof cursor === 'string' && cursor !== '' && { cursor }),
    ...(add === 'yes' && { add }),
  };
}
