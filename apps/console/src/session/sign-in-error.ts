/** Why signing in failed where the console itself knows it; the provider's faults are told in the words of its answer. */
export type SignInFault = 'not_asked' | 'no_provider' | 'provider_away' | 'refused' | 'api_away' | 'blocked';

export class SignInError extends Error {
  readonly code: SignInFault;

  constructor(code: SignInFault) {
    super(code);
    this.code = code;
  }
}

export type SignInFailure = { code: SignInFault } | { message: string };

export function toSignInFailure(error: unknown): SignInFailure {
  if (error instanceof SignInError) return { code: error.code };
  return { message: error instanceof Error ? error.message : String(error) };
}
