import type { Auth } from '../api/core/auth.gen.js'

/**
 * The `auth` of a client's configuration: sends the access token in the header. The reader of streams would otherwise
 * also put it into the address, as the ticket that browsers need.
 */
export function bearer(token: () => string | undefined) {
  return ({ scheme }: Auth) => (scheme === 'bearer' ? token() : undefined)
}
