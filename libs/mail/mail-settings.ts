/** The part of the configuration that mails need. */
import type { Config } from '#libs/config/config.ts';

export interface MailSettings {
  host: string;
  port: number;
  /** `implicit`: TLS from the first byte; `starttls`: TLS or nothing; `opportunistic`: TLS where it is offered. */
  tls: 'implicit' | 'starttls' | 'opportunistic' | 'off';
  user: string | null;
  password: string | null;
  from: { name: string; address: string };
  /** PEM of further certificate authorities, e.g. of an internal server. */
  certificateAuthorities?: string[];
  /** How long the conversation up to the end of the mail may take, in milliseconds. 90 seconds when left out. */
  handOverWithinMs?: number;
  /** How long the server may think about a mail that it has, in milliseconds. Ten minutes when left out. */
  verdictWithinMs?: number;
}

type MailConfig = Config['mail'];

const implicitPort = 465;
const submissionPort = 587;

/** @returns null when no mail server is configured */
export function mailSettings(config: MailConfig): MailSettings | null {
  const from = readAddress(config.from ?? '');
  const server = config.url === undefined ? readServer(config) : serverIn(config.url);
  if (server === null || from === null) return null;
  // Credentials never go over a line that others can read, unless the settings say so.
  const needed = server.user === null ? 'opportunistic' : 'starttls';
  const tls = config.tls ?? (server.implicit || server.port === implicitPort ? 'implicit' : needed);
  const { host, port, user, password } = server;
  return { host, port, user, password, tls, from, verdictWithinMs: config.verdictMs };
}

type Server = Pick<MailSettings, 'host' | 'port' | 'user' | 'password'> & { implicit: boolean };

function readServer({ host, port, user, password }: MailConfig): Server | null {
  if (host === undefined) return null;
  return { host, port, user: user ?? null, password: password ?? null, implicit: false };
}

function serverIn(text: string): Server {
  const { protocol, hostname, port, username, password } = new URL(text);
  const implicit = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (implicit ? implicitPort : submissionPort) : Number(port),
    user: username === '' ? null : decodeURIComponent(username),
    password: password === '' ? null : decodeURIComponent(password),
    implicit,
  };
}

/** `Name <address>` or an address alone, as the configuration has checked. */
function readAddress(text: string): MailSettings['from'] | null {
  const [, name = '', bracketed] = /^(.*?)\s*<([^<>]+)>$/.exec(text) ?? [];
  const address = (bracketed ?? text).trim();
  return address === '' ? null : { name: name.trim().replace(/^"|"$/g, ''), address };
}
