// The service worker: after the first visit the page works without a network.
// The build fills in what there is and a version made of its contents.

/** What this file uses of a service worker's world. */
interface WorkerScope {
  location: Location;
  registration: { scope: string };
  addEventListener(type: "install" | "activate", hear: (event: Extendable) => void): void;
  addEventListener(type: "fetch", hear: (event: FetchEvent) => void): void;
}

interface Extendable {
  waitUntil(done: Promise<unknown>): void;
}

interface FetchEvent extends Extendable {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

export {};

declare const __PRECACHE__: { version: string; files: string[] };

const scope = globalThis as unknown as WorkerScope;
const root = scope.registration.scope;
const { version, files } = __PRECACHE__;
// Caches belong to the origin: several folders of one server keep apart.
const family = `castaway ${root} `;
const cacheName = family + version;

/** How long the network may take before the page comes from the cache. */
const patience = 3000;

scope.addEventListener("install", (event) => event.waitUntil(fill()));

scope.addEventListener("activate", (event) => event.waitUntil(tidy()));

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (isPage(url)) event.respondWith(page(request));
  else if (isOurs(url)) event.respondWith(cached(request));
});

/** Keeps all files. Their names change with their contents; only the page's own is asked for again. */
async function fill(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([new Request(root, { cache: "no-cache" }), ...files.map((f) => new URL(f, root).href)]);
}

/** This version takes over when no page of another one is open. */
async function tidy(): Promise<void> {
  const old = (await caches.keys()).filter((key) => key.startsWith(family) && key !== cacheName);
  await Promise.all(old.map((key) => caches.delete(key)));
}

function isPage(url: URL): boolean {
  return `${url.origin}${url.pathname}`.replace(/index\.html$/, "") === root;
}

function isOurs(url: URL): boolean {
  return url.href.startsWith(root) && files.includes(url.href.slice(root.length));
}

/** The page comes from the network, so that a new version is seen at once; without one, from the cache. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.open(cacheName).then((cache) => cache.match(root));
  if (!kept) return fetch(request);
  try {
    return await fetch(request, { signal: AbortSignal.timeout(patience) });
  } catch {
    return kept;
  }
}

async function cached(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName })) ?? fetch(request);
}
