import { expect, test } from "../support/test";
import { offersNewVersion, refuses } from "../support/wire";
import { WAYS } from "../support/ways";

// Here the network goes and the server dies: the browser may say so, the chat must not mind.
test.use({ networkMayFail: true });

const texts = (words: string, count: number) => Array.from({ length: count }, (_, i) => `${words} ${i + 1}`);

test("the server is killed in mid-sentence and started again", async ({ server, alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("Before");
  await alice.seesSent("Before");

  // Alice writes and sends all the while; the server dies twice in the middle of it.
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
  // Half a sentence stands in the composer while nobody is there to hear it.
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

  // And so it stands in the database, for whoever comes next.
  await alice.reloads();
  await alice.seesExactly(all);
  const seqs = (await alice.room.all()).map((row) => Number(row.seq));
  expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other));
});

test("both write while the server is dead, and agree when it is back", async ({ server, alice, bob }) => {
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

test("a stop is as good as a kill, and ends cleanly", async ({ server, alice, bob }) => {
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

for (const { how, options } of WAYS) {
  test(`the banner says that the connection is lost, and tries at once when asked: ${how}`, async ({ person, server }) => {
    const alice = await person("Alice", options);
    await alice.joins("general");
    await expect(alice.room.banner).toBeHidden();
    await server.kill();
    await alice.seesBanner();
    await expect(alice.room.banner).toContainText(alice.words.attempt);
    await expect(alice.room.retryNow).toBeVisible();
    // Let the waits grow, and one begin, so that coming back at once is the button's doing.
    await alice.waitsLong();
    await server.restart();
    await alice.room.retryNow.click();
    await expect(alice.room.banner).toBeHidden({ timeout: 3_000 });
  });
}

test("a blink of the connection is not worth a word", async ({ server, alice }) => {
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

test("a frozen network is noticed, and what was missed is there when it is back", async ({ alice, bob }) => {
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

test("a socket that is open and dead is given up", async ({ server, alice, bob }) => {
  // Nothing is closed and nothing arrives: only a heartbeat can tell. The clock runs fast, so that nobody waits.
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

test("what was written without a network survives a reload", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.losesNetwork();
  await alice.says("Written in the dark");
  await alice.says("And this");
  for (const text of ["Written in the dark", "And this"]) {
    await alice.seesPending(text);
    await expect(alice.room.rows(text)).toContainText(alice.words.waiting);
  }
  // The page itself is gone now: no server, no page.
  await alice.page.reload().catch(() => undefined);
  await expect(alice.room.log).toHaveCount(0);
  await alice.findsNetwork();
  await alice.opens("/rooms/general");
  await alice.seesExactly(["Written in the dark", "And this"]);
  await bob.seesExactly(["Written in the dark", "And this"]);
});

test("what was written while the server was dead survives a reload", async ({ server, alice, bob }) => {
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

test("what was written in a tab that was closed is sent by the next", async ({ alice, bob }) => {
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

test("a tab closed in mid-send loses and doubles nothing", async ({ alice, bob }) => {
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

for (const { how, options } of WAYS) {
  test(`what was refused says why, and is sent again or given up: ${how}`, async ({ person }) => {
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
    // It stays over a reload, visibly not sent.
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

  test(`a new version is offered, and takes no draft: ${how}`, async ({ person }) => {
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
