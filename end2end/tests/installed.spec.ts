import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "../support/test";
import { installed, isKept } from "../support/installed";
import { VARIANTS } from "../support/variants";

// The tests disconnect the network, so the browser may report failed requests.
test.use({ networkMayFail: true });

test("the app can be installed", async ({ request, server }) => {
  const manifest = await (await request.get(`${server.url}/site.webmanifest`)).json();
  expect(manifest).toMatchObject({ id: "/", start_url: "/", scope: "/", display: "standalone", name: "Hubbub" });
  const purposes = manifest.icons.map((icon: { purpose: string; sizes: string }) => `${icon.sizes} ${icon.purpose}`);
  expect(purposes).toEqual(expect.arrayContaining(["192x192 any", "512x512 any", "512x512 maskable"]));
  for (const { src, type, sizes } of manifest.icons) {
    const icon = await request.get(server.url + src);
    expect(icon.status(), src).toBe(200);
    expect(icon.headers()["content-type"]).toBe(type);
    if (type !== "image/png") continue;
    // Width and height are in the file header (PNG, section 11.2.1).
    const bytes = await icon.body();
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes);
  }
  const page = await (await request.get(server.url)).text();
  expect(page).toContain('rel="apple-touch-icon"');
  expect(page).toContain('media="(prefers-color-scheme: dark)"');
});

for (const { how, options } of VARIANTS) {
  test(`the app opens offline with the local copy and keeps new messages: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { ...options, ...installed });
    const bob = await person("Bob", options);
    await alice.joins("kitchen");
    await alice.joins("general");
    await bob.joins("general");
    await bob.says("Seen before");
    await alice.seesSent("Seen before");
    await isKept(alice);

    await alice.losesNetwork();
    await alice.page.reload();
    await alice.isIn("general");
    await alice.sees("Seen before");
    await expect.poll(() => alice.sidebar.names()).toEqual(["general", "kitchen"]);
    await expect(alice.page.locator("html")).toHaveAttribute("lang", alice.words.locale.slice(0, 2));
    await expect(alice.page.locator("[data-kept], [data-banner]").first()).toBeVisible();
    await alice.says("Written in a tunnel");
    await alice.seesPending("Written in a tunnel");
    // The start page of the installed app opens the room without a network too, and the unsent message is kept.
    await alice.page.goto(alice.landing.address);
    await alice.isIn("general");
    await alice.sees("Seen before");
    await alice.seesPending("Written in a tunnel");
    await bob.says("Meanwhile outside");

    await alice.findsNetwork();
    await bob.seesExactly(["Seen before", "Meanwhile outside", "Written in a tunnel"]);
    await alice.seesExactly(["Seen before", "Meanwhile outside", "Written in a tunnel"]);
    await expect(alice.page.locator("[data-kept], [data-banner]")).toHaveCount(0);
  });
}

for (const { how, options } of VARIANTS) {
  test(`a room without a local copy shows a notice offline: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { ...options, ...installed });
    await alice.joins("general");
    await isKept(alice);
    await alice.losesNetwork();
    await alice.page.goto(new URL("/rooms/never-seen", alice.landing.address).href);
    await alice.isIn("never-seen");
    const notHere = alice.page.getByText(alice.words.nothingKept);
    await expect(notHere.first()).toBeVisible();
    await alice.findsNetwork();
    await alice.says("Seen now");
    await alice.seesSent("Seen now");
    await expect(notHere).toHaveCount(0);
  });
}

test("the service worker stores the program and no messages", async ({ person }) => {
  const alice = await person("Alice", installed);
  await alice.joins("general");
  await alice.says("Between us");
  await alice.seesSent("Between us");
  await isKept(alice);
  await alice.reloads();
  const kept = await alice.page.evaluate(async () => {
    const kept: [string, string][] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        kept.push([new URL(request.url).pathname, /html|json/.test(answer?.headers.get("content-type") ?? "") ? await answer!.text() : ""]);
      }
    }
    return kept;
  });
  const paths = kept.map(([path]) => path);
  expect(paths).toContain("/shell");
  for (const name of ["hubbub\\.js", "hubbub\\.wasm", "__wasm_split\\.js", "split_\\w+\\.wasm"]) {
    expect(paths).toContainEqual(expect.stringMatching(new RegExp(`^/pkg/[0-9a-f]{16}/${name}$`)));
  }
  expect(paths).toContainEqual(expect.stringMatching(/^\/pkg\/hubbub\.[0-9a-f]{16}\.css$/));
  expect(paths.filter((path) => path === "/" || /^\/(rooms|api|healthz)/.test(path))).toEqual([]);
  for (const [path, text] of kept) expect(text, path).not.toMatch(/Between us|Alice/);
});

test("a new service worker replaces the old one and its cache", async ({ person }) => {
  const alice = await person("Alice", installed);
  await alice.landing.open();
  await alice.page.evaluate(async () => {
    await (await caches.open("hubbub-0000000000000000")).put("/shell", new Response("old"));
    await (await caches.open("another-thing")).put("/thing", new Response("not ours"));
  });
  await alice.joins("general");
  await isKept(alice);
  const names = await alice.page.evaluate(() => caches.keys());
  expect(names).toContain("another-thing");
  expect(names.filter((name) => name.startsWith("hubbub-"))).toEqual([expect.stringMatching(/^hubbub-[0-9a-f]{16}$/)]);
  expect(names).not.toContain("hubbub-0000000000000000");
});

test("the service worker passes errors of the server on", async ({ person, server }) => {
  const alice = await person("Alice", installed);
  await alice.joins("general");
  await isKept(alice);
  await alice.page.goto(`${server.url}/rooms/general`);
  await alice.room.isAlive();
  expect(await alice.page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  const answer = await alice.page.goto(`${server.url}/healthz`);
  expect(answer?.status()).toBe(200);
  expect(answer?.fromServiceWorker()).toBe(false);
  const page = await alice.page.goto(`${server.url}/rooms/general`);
  expect(page?.fromServiceWorker()).toBe(true);
  expect(await page?.text()).toContain('data-room="general"');
  await server.kill();
  const shell = await alice.page.goto(`${server.url}/rooms/general`);
  expect(await shell?.text()).toContain("OfflineShell");
  await alice.isIn("general");
  await server.restart();
  await alice.says("Back again");
  await alice.seesSent("Back again");
});

test("the offline shell replaces an error page of a proxy", async ({ person, server }) => {
  const alice = await person("Alice", installed);
  await alice.joins("general");
  await alice.says("Seen before");
  await alice.seesSent("Seen before");
  await isKept(alice);
  await server.stop();
  const { hostname, port } = new URL(server.url);
  for (const status of [502, 503, 504]) {
    const proxy = createServer((_, answer) => answer.writeHead(status, { connection: "close" }).end("Bad Gateway"));
    await once(proxy.listen(Number(port), hostname), "listening");
    const shell = await alice.page.goto(`${server.url}/rooms/general`);
    expect(await shell?.text(), String(status)).toContain("OfflineShell");
    await alice.isIn("general");
    await alice.sees("Seen before");
    proxy.closeAllConnections();
    await new Promise((closed) => proxy.close(closed));
  }
  await server.restart();
  await alice.says("Back again");
  await alice.seesSent("Back again");
});
