import { expect, test } from "../support/test";
import { offersNewVersion, refuses } from "../support/wire";
import { VARIANTS } from "../support/variants";

// These tests disconnect the network or kill the server, so the browser may report failed requests.
test.use({ networkMayFail: true });

const texts = (words: string, count: number) => Array.from({ length: count }, (_, i) => `${words} ${i + 1}`);

test("no message is lost or doubled when the server is killed", async ({ server, alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("Before");
  await alice.seesSent("Before");

  // Alice posts continuously while the server is killed twice.
  const said = texts("line", 30);
  const shownAsSent = new Set<string>();
  const talking = (async () => {
    for (const text of said) {
      await alice.says(text);
      for (const row of await alice.room.all()) if (row.state === "sent") shownAsSent.add(row.text);
      await alice.page.waitForTimeout(60);
    }
  })();
  await alice.seesSent("line 4");
  await server.kill();
  await alice.page.waitForTimeout(300);
  await server.restart();
  await expect.poll(() => shownAsSent.size, { timeout: 20_000 }).toBeGreaterThan(6);
  await server.kill();
  await alice.seesBanner();
  // The composer contains half a sentence while there is no connection.
  await talking;
  await alice.room.composer.pressSequentially("half a sen");
  await server.restart();
  await alice.seesNoBanner();
  await expect(alice.room.composer).toHaveValue("half a sen");
  await alice.room.composer.pressSequentially("tence");
  await alice.room.composer.press("Enter");

  const all = ["Before", ...said, "half a sentence"];
  await alice.seesExactly(all);
  await bob.seesExactly(all);
  expect(await alice.room.all()).toEqual(await bob.room.all());
  for (const text of shownAsSent) expect(all).toContain(text);

  // The database has the same messages, so a new visitor sees them too.
  await alice.reloads();
  await alice.seesExactly(all);
  const seqs = (await alice.room.all()).map((row) => Number(row.seq));
  expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other));
});

test("messages written without a server are sent after its restart, in one order", async ({ server, alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("Hello");
  await bob.seesSent("Hello");
  await server.kill();
  for (let i = 1; i <= 5; i += 1) {
    await alice.says(`alice ${i}`);
    await bob.says(`bob ${i}`);
  }
  await alice.seesPending("alice 5");
  await bob.seesPending("bob 1");
  await bob.doesNotSee("alice 1");
  await server.restart();
  for (const person of [alice, bob]) {
    await expect(person.room.messages).toHaveCount(11, { timeout: 20_000 });
    await person.seesSent("alice 5");
    await person.seesSent("bob 5");
  }
  expect(await alice.room.all()).toEqual(await bob.room.all());
  const order = await alice.room.texts();
  expect(order.filter((text) => text.startsWith("alice"))).toEqual(texts("alice", 5));
  expect(order.filter((text) => text.startsWith("bob"))).toEqual(texts("bob", 5));
});

test("a stopped server ends cleanly and loses nothing", async ({ server, alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("One");
  await bob.seesSent("One");
  expect(await server.stop()).toBe(0);
  await alice.says("Two");
  await alice.seesPending("Two");
  await server.restart();
  await alice.seesExactly(["One", "Two"]);
  await bob.seesExactly(["One", "Two"]);
});

for (const { how, options } of VARIANTS) {
  test(`the banner reports a lost connection and retries on request: ${how}`, async ({ person, server }) => {
    const alice = await person("Alice", options);
    await alice.joins("general");
    await expect(alice.room.banner).toBeHidden();
    await server.kill();
    await alice.seesBanner();
    await expect(alice.room.banner).toContainText(alice.words.attempt);
    await expect(alice.room.retryNow).toBeVisible();
    // Waits until a long wait has started, so that an early reconnect is due to the button.
    await alice.waitsLong();
    await server.restart();
    await alice.room.retryNow.click();
    await expect(alice.room.banner).toBeHidden({ timeout: 3_000 });
  });
}

test("a short interruption shows no banner", async ({ server, alice }) => {
  await alice.joins("general");
  await alice.page.evaluate(() => {
    const seen = window as unknown as { bannerSeen: boolean };
    seen.bannerSeen = false;
    new MutationObserver(() => {
      if (document.querySelector("[data-banner]")) seen.bannerSeen = true;
    }).observe(document.body, { childList: true, subtree: true });
  });
  await server.kill();
  await server.restart();
  await alice.says("Did anything happen?");
  await alice.seesSent("Did anything happen?");
  expect(await alice.page.evaluate(() => (window as unknown as { bannerSeen: boolean }).bannerSeen)).toBe(false);
});

test("a frozen network is detected and missed messages arrive later", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("Before");
  await bob.seesSent("Before");

  await bob.losesNetwork();
  await alice.says("While you were away");
  await alice.seesSent("While you were away");
  await bob.says("Can you hear me?");
  await bob.seesPending("Can you hear me?");
  await bob.seesBanner();
  await bob.doesNotSee("While you were away");
  await alice.doesNotSee("Can you hear me?");

  await bob.findsNetwork();
  await bob.seesNoBanner();
  const all = ["Before", "While you were away", "Can you hear me?"];
  await bob.seesExactly(all);
  await alice.seesExactly(all);
});

test("a dead socket is replaced", async ({ server, alice, bob }) => {
  // The socket stays open and nothing arrives, which only a heartbeat detects. The clock is accelerated.
  let blackHole = false;
  let sockets = 0;
  await bob.page.routeWebSocket(/\/api\/v1\/socket/, (page) => {
    sockets += 1;
    const dead = () => blackHole && sockets === 1;
    const upstream = page.connectToServer();
    page.onMessage((frame) => {
      if (!dead()) upstream.send(frame);
    });
    upstream.onMessage((frame) => {
      if (!dead()) page.send(frame);
    });
  });
  await bob.page.clock.install();
  await bob.joins("general");
  await alice.joins("general");
  await alice.says("Before");
  await bob.seesSent("Before");
  expect(server.url).toContain("127.0.0.1");

  blackHole = true;
  await alice.says("Into the dark");
  await alice.seesSent("Into the dark");
  await bob.says("Hello?");
  await expect
    .poll(
      async () => {
        await bob.page.clock.runFor(2_000);
        return sockets;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(1);
  await bob.page.clock.runFor(5_000);
  const all = ["Before", "Into the dark", "Hello?"];
  await bob.seesExactly(all);
  await alice.seesExactly(all);
});

test("messages written without a network survive a reload", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.losesNetwork();
  await alice.says("Written in the dark");
  await alice.says("And this");
  for (const text of ["Written in the dark", "And this"]) {
    await alice.seesPending(text);
    await expect(alice.room.rows(text)).toContainText(alice.words.waiting);
  }
  // The page cannot be loaded without the server.
  await alice.page.reload().catch(() => undefined);
  await expect(alice.room.log).toHaveCount(0);
  await alice.findsNetwork();
  await alice.opens("/rooms/general");
  await alice.seesExactly(["Written in the dark", "And this"]);
  await bob.seesExactly(["Written in the dark", "And this"]);
});

test("messages written without a server survive a reload", async ({ server, alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await server.kill();
  await alice.says("Written to nobody");
  await alice.seesPending("Written to nobody");
  await server.restart();
  await alice.reloads();
  await alice.seesExactly(["Written to nobody"]);
  await bob.seesExactly(["Written to nobody"]);
});

test("unsent messages of a closed tab are sent by the next tab", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.losesNetwork();
  await alice.says("Before I close the tab");
  await alice.seesPending("Before I close the tab");
  const next = await alice.another();
  await alice.page.close();
  await next.findsNetwork();
  await next.opens("/rooms/general");
  await next.seesExactly(["Before I close the tab"]);
  await bob.seesExactly(["Before I close the tab"]);
});

test("closing a tab while sending loses and doubles nothing", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  const said = texts("quick", 12);
  for (const text of said) await alice.says(text);
  const next = await alice.another();
  await alice.page.close();
  await next.opens("/rooms/general");
  await next.seesExactly(said);
  await bob.seesExactly(said);
});

for (const { how, options } of VARIANTS) {
  test(`a refused message shows the reason and can be retried or cancelled: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    const { words } = alice;
    const refusing = await refuses(alice, "post");
    await alice.joins("general");
    await bob.joins("general");
    for (const text of ["Again", "Never mind"]) {
      await alice.says(text);
      await expect(alice.room.rows(text)).toHaveAttribute("data-state", "failed");
    }
    await expect(alice.room.rows("Again")).toContainText(words.notSent);
    // After a reload the message is still marked as not sent.
    await alice.reloads();
    for (const text of ["Again", "Never mind"]) {
      await expect(alice.room.rows(text)).toHaveAttribute("data-state", "failed");
    }
    refusing.end();
    await alice.room.rows("Never mind").getByRole("button", { name: words.cancel }).click();
    await alice.doesNotSee("Never mind");
    await alice.room.rows("Again").getByRole("button", { name: words.retry }).click();
    await alice.seesExactly(["Again"]);
    await bob.seesExactly(["Again"]);
  });

  test(`a new version is offered and keeps the draft: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const newer = await offersNewVersion(alice);
    await alice.joins("general");
    const offer = alice.room.newVersion;
    await expect(offer).toContainText(alice.words.newVersion);
    await alice.room.composer.pressSequentially("half a thou");
    newer.end();
    await offer.getByRole("button", { name: alice.words.reload }).click();
    await expect(offer).toHaveCount(0);
    await alice.room.isAlive();
    await expect(alice.room.composer).toHaveValue("half a thou");
  });
}
