import { flood } from "../support/flood";
import type { Person } from "../support/person";
import { expect, test } from "../support/test";
import { WIDE } from "../support/variants";
import { english, russian } from "../support/words";
import { SHOT_VARIANTS, shoot } from "./variants";

/** Messages in each language, so that the screenshots look like a real room. */
const SAID = {
  [english.locale]: {
    topic: "Who brings what on Saturday",
    question: "Good morning! Has anybody seen my keys?",
    answers: ["On the kitchen table, beside the bread.", "Unless the cat took them again."],
    thanks: "The cat it was.\n\n**Thank you!**",
    list: "For Saturday we need\n\n- bread and *good* butter\n- a `Makefile` for the soup\n- @Bob, and news from #garden",
    code: "```rust\nfn soup(guests: u32) -> Litres {\n    Litres(guests / 2 + 1)\n}\n```",
    edited: "I bring two litres, not one.",
    mention: "@bo",
  },
  [russian.locale]: {
    topic: "Кто что принесёт в субботу",
    question: "Доброе утро! Никто не видел мои ключи?",
    answers: ["На кухонном столе, рядом с хлебом.", "Если их опять не унёс кот."],
    thanks: "Это был кот.\n\n**Спасибо!**",
    list: "К субботе нужны\n\n- хлеб и *хорошее* масло\n- `Makefile` для супа\n- @Bob и новости из #garden",
    code: "```rust\nfn soup(guests: u32) -> Litres {\n    Litres(guests / 2 + 1)\n}\n```",
    edited: "Я принесу два литра, а не один.",
    mention: "@bo",
  },
};

for (const look of SHOT_VARIANTS) {
  const { name, narrow, words, options } = look;

  test(name, async ({ person }) => {
    test.setTimeout(180_000);
    const said = SAID[words.locale] ?? SAID[english.locale]!;
    const alice = await person("Alice Liddell", options);
    const bob = await person("Bob", options);
    const long = await person("Maximiliane von Hohenzollern-Wei", options);
    const shot = (state: string, of: Person = alice) => shoot(look, of, state);

    await alice.landing.open();
    await shot("landing");
    await alice.landing.enter("n".repeat(33), "general");
    await alice.landing.problem.waitFor();
    await shot("landing-error");

    await bob.joins("garden");
    await bob.dialogs.setsTopic("Roses and weeds");
    await alice.joins("garden");
    await alice.joins("kitchen");
    await shot("room-empty");
    await alice.dialogs.setsTopic(said.topic);
    await bob.joins("kitchen");
    await long.joins("kitchen");
    await alice.says(said.question);
    await bob.seesSent(said.question);
    for (const answer of said.answers) await bob.says(answer);
    await alice.says(said.thanks);
    await long.says(said.list);
    await expect(bob.room.messages).toHaveCount(5);
    await bob.says(said.code);
    await long.says("👍🏽 ❤️");
    await alice.says(said.edited);
    await alice.seesSent(said.edited);
    await alice.room.composer.press("ArrowUp");
    await alice.room.composer.press("End");
    await alice.room.composer.pressSequentially(" 🥣");
    await alice.room.composer.press("Enter");
    const edited = `${said.edited} 🥣`;
    await bob.seesSent(edited);
    await bob.room.message(edited).act("reply");
    await bob.says("🎉 " + said.answers[0]);
    await alice.seesSent("🎉 " + said.answers[0]);
    await alice.room.message(edited).row.waitFor();
    await bob.room.message(edited).reactsWith("👍");
    await long.room.message(edited).reactsWith("👍");
    await long.settings.appearsAs(words.statusBusy);
    await bob.sidebar.goes("garden");
    await bob.says("The first rose is out");
    await bob.sidebar.goes("kitchen");
    await alice.sidebar.showsUnread("garden", 1);
    await bob.room.composer.pressSequentially("hm");
    await alice.looksAway();
    await shot("room");
    if (!narrow) {
      await alice.page.setViewportSize({ width: 900, height: 800 });
      await shot("room-900");
      await alice.page.setViewportSize(WIDE);
    }

    await alice.page.emulateMedia({ forcedColors: "active" });
    await shot("forced-colors");
    await alice.page.emulateMedia({ forcedColors: null });
    await alice.page.emulateMedia({ media: "print" });
    await shot("print");
    await alice.page.emulateMedia({ media: null });

    const message = alice.room.message("🎉 " + said.answers[0]);
    await message.row.locator(".message-text").hover();
    await message.tools.waitFor();
    await shot("message-tools");
    await message.tools.locator("[data-action=more]").click();
    await message.menu.waitFor();
    await shot("message-menu");
    await alice.page.keyboard.press("Escape");
    await message.act("react");
    await message.picker.waitFor();
    await shot("emoji-picker");
    await alice.page.keyboard.press("Escape");
    await message.act("reply");
    await alice.room.composer.fill("A draft\nof three\nlines");
    await shot("reply");
    await alice.room.composer.press("Escape");
    await alice.room.composer.fill("");
    await alice.room.composer.press("ArrowUp");
    await shot("edit");
    await alice.room.composer.press("Escape");
    await alice.room.message(edited).edited.click();
    await alice.room.message(edited).history.waitFor();
    await shot("edit-history");
    await alice.page.keyboard.press("Escape");
    await alice.room.message(edited).act("delete");
    await shot("delete-question");
    await alice.room.message(edited).question.getByRole("button", { name: words.keep }).click();
    await alice.room.composer.pressSequentially(said.mention);
    await alice.page.getByRole("option").first().waitFor();
    await shot("suggestions");
    await alice.room.composer.fill("z".repeat(4_100));
    await shot("too-long");
    await alice.room.composer.fill("");

    const { dialogs } = alice;
    for (const [state, open] of [
      ["dialog-switcher", () => dialogs.openSwitcher()],
      ["dialog-browse", () => dialogs.openBrowse()],
      ["dialog-new-room", () => dialogs.openNewRoom()],
      ["dialog-topic", () => dialogs.openTopic()],
      ["dialog-leave", () => dialogs.openLeave()],
    ] as const) {
      await open();
      if (state === "dialog-browse") await dialogs.publicRoom("garden").waitFor();
      await shot(state);
      await dialogs.close();
    }
    await alice.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await alice.page.keyboard.press("?");
    await dialogs.titled(words.keys).waitFor();
    await shot("dialog-keys");
    await dialogs.close();
    await alice.page.getByRole("button", { name: words.roomMenu }).click();
    await alice.page.getByRole("menuitem", { name: words.leaveRoom }).waitFor();
    await shot("room-menu");
    await alice.page.keyboard.press("Escape");
    await alice.settings.open();
    await shot("settings");
    await alice.page.emulateMedia({ forcedColors: "active" });
    await shot("forced-colors-settings");
    await alice.page.emulateMedia({ forcedColors: null });
    await alice.settings.compact.check();
    await alice.page.keyboard.press("Escape");
    await alice.looksAway();
    await shot("compact");
    await alice.settings.open();
    await alice.settings.compact.uncheck();
    await alice.page.keyboard.press("Escape");
    if (narrow) {
      await alice.sidebar.open();
      await shot("rooms-drawer");
      await alice.page.keyboard.press("Escape");
      await alice.room.people.open();
      await shot("people-drawer");
      await alice.page.keyboard.press("Escape");
    }

    // Long words and long names.
    await long.says(`https://example.org/${"path/".repeat(30)}`);
    await long.says("x".repeat(200));
    await long.says("word ".repeat(60).trim());
    await alice.sees("word ".repeat(60).trim());
    await shot("long-names");
    await flood(bob, "kitchen", "line", 1_000);
    await alice.seesSent("line 1000");
    await shot("room-thousand");
    await alice.room.log.hover();
    await alice.page.mouse.wheel(0, -1_500);
    await alice.room.rows("line 1000").waitFor();
    await bob.says("What a flood");
    await alice.room.pill.waitFor();
    await shot("pill");
    await alice.room.pill.click();
  });
}
