/**
 * Decides what the service worker keeps for reading without a network: only answers that are the same for everybody, and
 * none of what the server no longer has, such as a hidden scene. workbox-build writes the functions into the worker as
 * text, so they may refer to nothing outside of themselves, and they replace workbox's own check of the status.
 */
export const keepPublicAnswers = {
  cacheWillUpdate: ({ response }: { response: Response }) =>
    Promise.resolve(
      response.status === 200 && !/\b(private|no-store)\b/i.test(response.headers.get('Cache-Control') ?? '')
        ? response
        : null,
    ),
  fetchDidSucceed: async ({ request, response }: { request: Request; response: Response }) => {
    if (response.status === 404) {
      const kept = await caches.open('pages')
      await kept.delete(request, { ignoreVary: true })
    }
    return response
  },
}
