// Keeps the shell: a page without anybody's data, and the program that brings it to life, so that Hubbub opens
// without a network. What people say is never in here.
//
// The server writes one line above this one, which changes with every build:
//   const site = { build: "hash", files: ["/pkg/hubbub.hash.js", ...] };

const SHELL = "/shell";
const PREFIX = "hubbub-";
const CACHE = PREFIX + site.build;
/** A network that has not answered by then is as good as none: the shell connects by itself when there is one. */
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

// A page that is ready to be loaded again may ask for the new version; nobody else does.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

/** All or nothing: a worker that lacks a file is not installed, and the one before it stays. */
async function keep() {
  const cache = await caches.open(CACHE);
  // A name with a hash means one content for ever: the browser has it already. The others are asked for anew.
  const fresh = (path) => new Request(path, { cache: path.startsWith("/pkg/") ? "default" : "no-cache" });
  await cache.addAll([SHELL, ...site.files].map(fresh));
}

async function begin() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  // The page is asked for while the worker wakes up, and not after it.
  await self.registration.navigationPreload?.enable();
}

/** Statuses of a proxy that has no server behind it. */
const ORPHANED = [502, 503, 504];

/** Whether a proxy answers for a server that does not: each answer of Hubbub's own has a name. */
function isOrphaned(answer) {
  return ORPHANED.includes(answer.status) && !answer.headers.has("x-request-id");
}

/** The page as the server tells it, an error too; the shell, where no server answers. */
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
    // Without a shell a slow answer is better than none, and a failure is the browser's to tell.
    return shell ?? answer;
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
