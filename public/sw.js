// The service worker. It stores the offline shell, a page without user data, and the program, so that Hubbub
// opens without a network. It never stores messages. The server writes one line above this one, which changes
// with every build:
// const site = { build: "hash", files: ["/pkg/hubbub.hash.js", ...] };

const SHELL = "/shell";
const PREFIX = "hubbub-";
const CACHE = PREFIX + site.build;
/**
 * Milliseconds after which the shell is used instead of waiting for the network. The shell connects by itself
 * later.
 */
const PATIENCE_MILLIS = 5_000;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === "/" || url.pathname.startsWith("/rooms/")) event.respondWith(page(event));
  } else if (site.files.includes(url.pathname)) {
    event.respondWith(file(request));
  }
});

// A page that is ready to reload requests the new version by this message.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

/** Stores all files or none: a worker that lacks a file is not installed, and the previous one stays. */
async function keep() {
  const cache = await caches.open(CACHE);
  // The content of a file with a hash in its name never changes, so the browser's cache may answer. Other files
  // are requested anew.
  const fresh = (path) => new Request(path, { cache: path.startsWith("/pkg/") ? "default" : "no-cache" });
  await cache.addAll([SHELL, ...site.files].map(fresh));
}

async function begin() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  // The page is requested while the worker starts.
  await self.registration.navigationPreload?.enable();
}

/** Statuses of a proxy whose server does not answer. */
const ORPHANED = [502, 503, 504];

/** Whether a proxy answered in place of the server. Responses of Hubbub always have a request id. */
function isOrphaned(answer) {
  return ORPHANED.includes(answer.status) && !answer.headers.has("x-request-id");
}

/** Returns the server's response, also an error; the shell if no server answers. */
async function page(event) {
  const answer = Promise.resolve(event.preloadResponse).then((early) => early ?? fetch(event.request));
  let timer;
  const late = new Promise((_, failed) => {
    timer = setTimeout(() => failed(new Error("no answer")), PATIENCE_MILLIS);
  });
  try {
    const early = await Promise.race([answer, late]);
    if (isOrphaned(early)) throw new Error("no server behind the proxy");
    return early;
  } catch (error) {
    const shell = await (await caches.open(CACHE)).match(SHELL);
    // Without a shell, a slow response is better than none, and the browser reports a failure.
    return shell ?? answer;
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
