/** Why compressed bytes could not be inflated. */
export class InflateError extends Error {
  override name = 'InflateError';
  readonly reason: 'too_large' | 'corrupt';

  constructor(reason: 'too_large' | 'corrupt', message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export function tooLarge(limit: number): InflateError {
  return new InflateError('too_large', `inflates to more than ${limit} bytes`);
}

export function corrupt(message: string, options?: ErrorOptions): InflateError {
  return new InflateError('corrupt', message, options);
}
