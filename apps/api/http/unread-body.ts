/** What becomes of a body that is not read. */
import type { Request, Response } from 'express';

/** Who is refused may go on sending for so long, in milliseconds, so that the answer reaches him. */
const lingerMs = 2_000;

/** To be called before the answer is given. */
export function endUnreadBody(request: Request, response: Response): void {
  response.once('finish', () => {
    if (request.complete) return;
    const timer = setTimeout(() => request.socket.destroy(), lingerMs);
    request.once('close', () => clearTimeout(timer));
    request.resume();
  });
}
