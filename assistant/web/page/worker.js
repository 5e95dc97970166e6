// Keeps the shell for a server that is away: the page's own files, which name nobody. It adds nothing later, so no
// token, no message and nothing of a person gets in. The server writes the two values, and they change with the files.

const CACHE = "tuina-0";
const SHELL = [];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  const files = SHELL.map((path) => new Request(path, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("tuina-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The server first: it has the newest files. Everything else is left to the browser.
self.addEventListener("fetch", (event) => {
  const { origin, pathname, search } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin || search || !SHELL.includes(pathname)) return;
  const kept = () => caches.open(CACHE).then((cache) => cache.match(pathname));
  event.respondWith(fetch(event.request).catch(async (error) => (await kept()) ?? Promise.reject(error)));
});
