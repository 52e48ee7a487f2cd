import { Account } from "../pages/account";
import { installed, isKept } from "../support/installed";
import { test } from "../support/test";
import { offersNewVersion, refuses } from "../support/wire";
import { SHOT_VARIANTS, shoot } from "./variants";

// Rare states and error pages.
test.use({ networkMayFail: true });

for (const look of SHOT_VARIANTS) {
  const { name, words, options } = look;

  test(`${name}: messages`, async ({ person, server }) => {
    test.setTimeout(90_000);
    const alice = await person("Alice Liddell", options);
    const bob = await person("Bob", options);
    const shot = (state: string) => shoot(look, alice, state);
    await alice.joins("garden");
    await alice.joins("kitchen");
    await bob.joins("kitchen");
    await bob.says("Who has the salt?");
    await alice.says("Not I.");
    await bob.seesSent("Not I.");
    await bob.says("Nobody ever has the salt.");
    await alice.seesSent("Nobody ever has the salt.");
    await alice.room.message("Nobody ever has the salt.").act("reply");
    await alice.says("The cat has it.");
    await bob.seesSent("The cat has it.");
    await bob.room.message("Nobody ever has the salt.").act("delete");
    await bob.room.message("Nobody ever has the salt.").question.getByRole("button", { name: words.delete }).click();
    await alice.seesDeleted(2);
    await alice.room.message("Not I.").act("delete");
    await alice.room.message("Not I.").question.getByRole("button", { name: words.delete }).click();
    await alice.seesDeleted(1);
    await alice.looksAway();
    await shot("deleted");
    await bob.room.message("The cat has it.").act("reply");
    await bob.says("Ask the cat, then.");
    await alice.room.message("Ask the cat, then.").quote.click();
    await alice.room.found.waitFor();
    await alice.looksAway();
    await shot("highlight");

    await alice.sidebar.goes("garden");
    for (const text of ["The cat says no.", "Then without salt."]) await bob.says(text);
    await alice.sidebar.showsUnread("kitchen", 2);
    await alice.sidebar.goes("kitchen");
    await alice.room.divider.waitFor();
    await alice.looksAway();
    await shot("unread-divider");

    await server.kill();
    await alice.says("Is anybody there?");
    await alice.seesBanner();
    await shot("offline");
    await server.restart();
    await alice.seesNoBanner();
    const newer = await offersNewVersion(alice);
    await alice.reloads();
    await alice.room.newVersion.waitFor();
    await shot("new-version");
    newer.end();
    for (const deed of ["post", "react"] as const) await refuses(alice, deed);
    await alice.reloads();
    await alice.says("This one is refused");
    await alice.room.rows("This one is refused").getByRole("button", { name: words.retry }).waitFor();
    await shot("failed");
    await alice.room.message("The cat says no.").reactsWith("👍");
    await alice.room.toast.waitFor();
    await alice.looksAway();
    await shot("toast");
    const parts = /\/(split|chunk)_\w+\.wasm$/;
    await alice.page.route(parts, (route) => route.abort("internetdisconnected"));
    await alice.reloads();
    await alice.page.keyboard.press("Control+k");
    await alice.dialogs.dialog.getByRole("alert").waitFor();
    await shot("lazy-part-failed");
    await alice.page.unroute(parts);
  });

  test(`${name}: pages`, async ({ person, server }) => {
    const alice = await person("Alice Liddell", { ...options, ...installed });
    const shot = (state: string) => shoot(look, alice, state);
    const account = new Account(alice.page, server.url);
    await account.open("/sign-in");
    await shot("sign-in");
    await account.open("/register");
    await shot("register");
    await alice.page.getByRole("main").getByRole("button").first().click();
    await account.problem.first().waitFor();
    await shot("register-error");
    await alice.page.getByRole("main").getByRole("textbox").first().fill("Alice Liddell");
    await alice.page.locator("input[type=password]").fill("violets are blue");
    await alice.page.getByRole("main").getByRole("button").first().click();
    await alice.page.waitForURL((url) => !url.pathname.startsWith("/register"));
    await account.open("/account");
    await shot("account");
    await alice.page.goto(`${server.url}/api/docs`);
    await shot("api-docs");
    await alice.opens("/rooms/kitchen");
    await alice.says("Seen before");
    await alice.seesSent("Seen before");
    await isKept(alice);
    // This page has no error recording, because the browser reports a 404 response as an error on the console.
    const nowhere = await alice.page.context().newPage();
    await nowhere.goto(new URL("/nowhere", server.url).href);
    await shoot(look, { page: nowhere, stops: async () => {} }, "not-found");
    await nowhere.goto(new URL("/rooms/kitchen?at=x", server.url).href);
    await shoot(look, { page: nowhere, stops: async () => {} }, "bad-request");
    await nowhere.close();
    await alice.losesNetwork();
    await alice.page.reload();
    await alice.sees("Seen before");
    await shot("kept");
    await alice.opens("/rooms/never-seen");
    await shot("not-kept");
  });
}
