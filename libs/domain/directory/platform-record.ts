/** Records of the trading platform, as its messages carry them. */

export interface TradeRecord {
  order?: number;
  login: number;
  cmd: string;
  /** 100 = 1.00 lot. */
  volume?: number;
  close_price?: number;
  symbol?: string;
  comment?: string;
  amount_usd?: number;
  [more: string]: unknown;
}

export interface AccountRecord {
  login: number;
  group: string;
  name?: string;
  email?: string;
  country?: string;
  enable?: boolean;
  leverage?: number;
  customer_id?: string;
  [more: string]: unknown;
}
