import { resolve } from "node:path";
import { flood } from "../support/flood";
import type { Person } from "../support/person";
import { test } from "../support/test";

const FOLDER = process.env.HUBBUB_SHOTS ?? resolve(__dirname, "../../target/shots");

test.use({ networkMayFail: true });

for (const colorScheme of ["light", "dark"] as const) {
  for (const { size, viewport } of [
    { size: "wide", viewport: { width: 1280, height: 800 } },
    { size: "narrow", viewport: { width: 390, height: 844 } },
  ]) {
    test(`${size}, ${colorScheme}`, async ({ person, server }) => {
      const shot = async (of: Person, state: string) => {
        await of.page.waitForTimeout(400);
        await of.page.screenshot({ path: `${FOLDER}/${state}-${size}-${colorScheme}.png` });
      };
      const options = { colorScheme, viewport };
      const alice = await person("Alice Liddell", options);
      const bob = await person("Bob", options);
      const long = await person("Maximiliane von Hohenzollern-Wei", options);

      await alice.entrance.open();
      await shot(alice, "entrance");
      await alice.entrance.enter("n".repeat(33), "general");
      await shot(alice, "entrance-problem");
      await alice.page.goto(new URL("/nowhere", server.url).href);
      await shot(alice, "not-found");

      await alice.joins("general");
      await shot(alice, "room-empty");
      await bob.joins("general");
      await long.joins("general");
      await alice.says("Good morning! Has anybody seen my keys?");
      await alice.seesSent("Good morning! Has anybody seen my keys?");
      await shot(alice, "room-one-message");
      await bob.says("On the kitchen table, beside the bread.");
      await bob.says("Unless the cat took them again.");
      await alice.seesSent("Unless the cat took them again.");
      await alice.says("The cat it was.\n\nThank you!");
      await long.says("word ".repeat(60).trim());
      await long.says(`https://example.org/${"path/".repeat(30)}`);
      await bob.says("x".repeat(200));
      await alice.seesSent("x".repeat(200));
      await shot(alice, "room");
      await alice.room.composer.fill("A draft\nof three\nlines");
      await shot(alice, "room-draft");
      await alice.room.composer.fill("z".repeat(4_100));
      await shot(alice, "room-too-long");
      await alice.room.composer.fill("");
      if (size === "narrow") {
        await alice.page.getByRole("button", { name: /people|here/i }).first().click();
        await shot(alice, "people");
        await alice.page.keyboard.press("Escape");
      }

      await flood(bob, "general", "line", 120);
      await alice.seesSent("line 120");
      await shot(alice, "room-full");
      await alice.room.log.hover();
      await alice.page.mouse.wheel(0, -1_500);
      await alice.page.waitForTimeout(300);
      await bob.says("What a flood");
      await shot(alice, "room-pill");

      await server.kill();
      await alice.says("Is anybody there?");
      await alice.seesBanner();
      await shot(alice, "room-banner");
    });
  }
}
