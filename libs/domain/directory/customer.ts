/** A customer as the directory knows it. */

export interface Customer {
  id: string;
  country?: string;
  language?: string;
  email?: string;
  /** Code of the KYC status, kept together with `kyc_status_id`. */
  kyc_status?: string;
  kyc_status_id?: string | number;
  kyc_current_level?: number;
  risk_level?: string | number;
  /** Code of the sales status, kept together with `sales_status_id`. */
  sales_status?: string;
  sales_status_id?: string | number;
  retention_status?: string;
  /** Absent: not known, which counts as neither. */
  active?: boolean;
  assigned_manager_id?: number;
  /** The team that looks after the customer; null or absent: none. */
  team_id?: string | null;
  /** Code of the desk the customer is at; null or absent: none. */
  desk?: string | null;
  manager_id?: number;
  /** CRM metadata only: never decides which brand's rules run. */
  brand?: string;
  /** Logins of the customer's trading accounts, in files and lists only: see `DirectoryReader.customerAccounts`. */
  logins?: number[];
  [more: string]: unknown;
}
