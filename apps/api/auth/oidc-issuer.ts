/**
 * What an OpenID Connect provider says of itself. It is asked when it is needed, so that a provider that is away
 * neither keeps the API from starting nor is forgotten while it is.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html
 */
import { z } from 'zod';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

const url = z.url({ protocol: /^https?$/ });
const metadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: url,
  token_endpoint: url,
  jwks_uri: url,
  end_session_endpoint: url.optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
});
export type ProviderMetadata = z.output<typeof metadataSchema>;

const answerMs = 3_000;
const keptMs = 3_600_000;
/** After a failure it is asked again, but not by every request. */
const failedMs = 5_000;

interface Asked {
  at: number;
  metadata: Promise<ProviderMetadata>;
}

export class OidcIssuer {
  readonly issuer: string;
  readonly #now: () => number;
  #asked: Asked | null = null;
  #last: ProviderMetadata | null = null;

  readonly #log: Pick<Logger, 'warn'>;

  /** @param issuer as tokens name it */
  constructor(issuer: string, log: Pick<Logger, 'warn'>, now = () => performance.now()) {
    this.issuer = issuer;
    this.#log = log;
    this.#now = now;
  }

  /** As it was told last, where it is away now. @throws RetryableError `session_keys_unavailable` */
  async metadata(): Promise<ProviderMetadata> {
    try {
      return await this.#ask();
    } catch (error) {
      if (this.#last !== null) return this.#last;
      const message = `The OpenID Connect provider cannot be asked: ${messageOf(error)}`;
      throw new RetryableError('session_keys_unavailable', message, { cause: error });
    }
  }

  #ask(): Promise<ProviderMetadata> {
    const now = this.#now();
    if (this.#asked !== null && now - this.#asked.at < keptMs) return this.#asked.metadata;
    const asked: Asked = { at: now, metadata: this.#discover() };
    this.#asked = asked;
    asked.metadata.then(
      (metadata) => (this.#last = metadata),
      (error: unknown) => {
        asked.at = this.#now() - keptMs + failedMs;
        this.#log.warn({ err: error, issuer: this.issuer }, 'the OpenID Connect provider cannot be asked');
      },
    );
    return asked.metadata;
  }

  async #discover(): Promise<ProviderMetadata> {
    const address = `${this.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(answerMs) });
    if (!response.ok) throw new Error(`${address} answers ${response.status}`);
    const metadata = metadataSchema.parse(await response.json());
    if (metadata.issuer !== this.issuer) throw new Error(`${address} is of another issuer: ${metadata.issuer}`);
    return metadata;
  }
}
