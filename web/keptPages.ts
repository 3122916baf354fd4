/**
 * Decides what the service worker keeps for reading without a network: only answers that are the same for everybody.
 * workbox-build writes the function into the worker as text, so it may refer to nothing outside of itself, and it
 * replaces workbox's own check of the status.
 */
export const keepPublicAnswers = {
  cacheWillUpdate: ({ response }: { response: Response }) =>
    Promise.resolve(
      response.status === 200 && !/\b(private|no-store)\b/i.test(response.headers.get('Cache-Control') ?? '')
        ? response
        : null,
    ),
}
