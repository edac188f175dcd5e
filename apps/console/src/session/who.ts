/** Whose a token is, by the API's word: how its claims are read is a setting of the API. */
import type { components } from '../shared/api-types.ts';

export interface Who {
  userId: string;
  role: string;
  /** The only brands the session is for; null = all of them. */
  brands: string[] | null;
  /** A name of this person that looks like the id of a manager of the directory; null: there is none, or it is not known yet. */
  managerId: string | null;
}

/** @returns `refused` where the API does not take it, `away` where the API cannot say now */
export async function whoIs(token: string): Promise<Who | 'refused' | 'away'> {
  try {
    const response = await fetch('/api/workflow/session', { headers: { Authorization: `Bearer ${token}` } });
    if (response.status === 401 || response.status === 403) return 'refused';
    if (!response.ok) return 'away';
    const { data } = (await response.json()) as { data: { session: components['schemas']['Session'] } };
    const { user_id: userId, role, brands, names } = data.session;
    return { userId, role, brands, managerId: names.find((name) => /^\d+$/.test(name)) ?? null };
  } catch {
    return 'away';
  }
}
