import { useTranslation } from 'react-i18next';

export const managerRoles = [
  'SESSION_MANAGER',
  'SESSION_ADMIN',
  'SESSION_DEALER',
  'SESSION_CRM_MANAGER',
  'SESSION_CRM_ADMIN',
] as const;
export type ManagerRole = (typeof managerRoles)[number];

/** @returns what a role is called; one that is not known, as it is written */
export function useRoleName(): (role: string) => string {
  const { t } = useTranslation();
  return (role) => {
    const known = managerRoles.find((one) => one === role);
    return known === undefined ? role : t(`session.roles.${known}`);
  };
}
