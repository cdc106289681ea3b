// The service worker: a page that was opened once on this device opens again without a network, and
// says so itself. It keeps the built files, which are everybody's, and nothing that the server
// answers to anybody. Every other address it leaves alone.

/** Written here when the pages are built. */
const FILES = /* files */ []
const PAGES = ['/console', '/console/editor', '/console/join', '/console/operations', '/console/sign-in', '/work']
const PAGE = '/console'
// Another build is another list of files.
const CACHE = `camket-${/* build */ 0}`

self.addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE)
    // The page is everybody's: it is asked for without saying who asks.
    await cache.put(PAGE, await good(fetch(PAGE, { credentials: 'omit', cache: 'no-cache' })))
    await cache.addAll(FILES)
    await self.skipWaiting()
  }
  event.waitUntil(fill())
})

self.addEventListener('activate', (event) => {
  const clear = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name)
    await self.clients.claim()
  }
  event.waitUntil(clear())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate' && PAGES.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(PAGE)) ?? Response.error()))
  } else if (url.pathname.startsWith('/console/assets/')) {
    event.respondWith(asset(request))
  }
})

/** Its name holds a hash of it: what was kept is what would be sent. */
async function asset(request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok) {
    const copy = response.clone()
    const cache = await caches.open(CACHE)
    await cache.put(request, copy)
  }
  return response
}

async function good(asked) {
  const response = await asked
  if (!response.ok || response.redirected) throw new Error(`the page answers ${response.status}`)
  return response
}
