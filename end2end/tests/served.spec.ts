import { expect, test } from "../support/test";

test("pages have a strict content security policy with a fresh nonce", async ({ alice, request, server }) => {
  const nonces = new Set<string>();
  for (const path of ["/", "/", "/rooms/general", "/rooms/general", "/nowhere", "/sign-in"]) {
    const answer = await request.get(`${server.url}${path}`);
    const policy = answer.headers()["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).not.toContain("'unsafe-inline'");
    expect(policy, path).not.toContain("'unsafe-eval'");
    const html = await answer.text();
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    if (policy.includes("script-src")) {
      const nonce = /script-src [^;]*'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
      expect(nonce.length, path).toBeGreaterThanOrEqual(22);
      nonces.add(nonce);
      for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    } else {
      expect(scripts, path).toEqual([]);
    }
    expect(html).not.toMatch(/\son[a-z]+="/);
    expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
  }
  expect(nonces.size).toBe(4);
  // The page works in a browser that enforces the policy.
  await alice.joins("general");
  await alice.says("It works");
  await alice.seesSent("It works");
});

test("the program is cached for the second visit", async ({ alice, server }) => {
  const loaded = () =>
    alice.page.evaluate(() =>
      (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
        .filter((entry) => entry.name.includes("/pkg/"))
        .map((entry) => ({ name: entry.name, bytes: entry.transferSize })),
    );
  await alice.joins("general");
  const names = (await loaded()).map((entry) => entry.name);
  for (const ending of ["js", "wasm", "css"]) {
    const url = names.find((name) => name.endsWith(`.${ending}`)) ?? "";
    expect(url).toMatch(/\/pkg\/(hubbub\.[0-9a-f]{16}|[0-9a-f]{16}\/\w+)\.[a-z]+$/);
    const answer = await alice.page.request.get(url, { headers: { "accept-encoding": "br" } });
    expect(answer.headers()["cache-control"]).toContain("immutable");
    expect(answer.headers()["content-encoding"]).toBe("br");
  }
  await alice.page.goto(`${server.url}/rooms/general`);
  await alice.room.isAlive();
  // The first visit may have ended before it loaded all lazy parts.
  const again = (await loaded()).filter((entry) => names.includes(entry.name));
  expect(again.length).toBeGreaterThanOrEqual(3);
  for (const entry of again) expect(entry.bytes, entry.name).toBe(0);
});

test("the page is readable before hydration", async ({ alice, bob }) => {
  await bob.joins("general");
  await bob.says("Read me first");
  await bob.seesSent("Read me first");
  await alice.page.route(/\.wasm$/, async (route) => {
    await new Promise((later) => setTimeout(later, 1_500));
    await route.continue();
  });
  await alice.page.goto(new URL("/rooms/general", alice.landing.address).href, { waitUntil: "commit" });
  await alice.sees("Read me first");
  await expect(alice.page.locator("html[data-hydrated]")).toHaveCount(0);
  await alice.room.isAlive();
  await alice.sees("Read me first");
});

test("text typed before hydration is kept", async ({ alice }) => {
  await alice.joins("general");
  await alice.page.route(/\.wasm$/, async (route) => {
    await new Promise((later) => setTimeout(later, 1_500));
    await route.continue();
  });
  await alice.page.goto(new URL("/rooms/general", alice.landing.address).href, { waitUntil: "commit" });
  await alice.room.composer.fill("Quick fingers");
  await expect(alice.page.locator("html[data-hydrated]")).toHaveCount(0);
  await alice.room.isAlive();
  await expect(alice.room.composer).toHaveValue("Quick fingers");
  await alice.room.composer.press("Enter");
  await alice.seesSent("Quick fingers");
});

test("the server prints its address and is ready", async ({ request, server }) => {
  expect((await request.get(`${server.url}/healthz`)).status()).toBe(200);
  expect((await request.get(`${server.url}/readyz`)).status()).toBe(200);
});

test("pages of other origins cannot post or connect", async ({ request, server }) => {
  const headers = { origin: "https://elsewhere.example" };
  const post = await request.post(`${server.url}/join_chat`, { headers, form: { username: "Eve", room_id: "general" } });
  expect(post.status()).toBe(403);
  const upgrade = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const socket = await request.get(`${server.url}/api/v1/socket`, { headers: { ...headers, ...upgrade } });
  expect(socket.status()).toBe(403);
});
