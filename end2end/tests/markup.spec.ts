import { expect, test } from "../support/test";
import type { Person } from "../support/person";
import { VARIANTS } from "../support/variants";

/** Returns the HTML of all messages without the marker comments of Leptos. */
const written = (person: Person) =>
  person.room.log
    .locator(".markup")
    .evaluateAll((all) => all.map((one) => one.innerHTML.replaceAll(/<!-*>/g, "")));

test("Markdown is rendered", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  const last = bob.room.messages.last().locator(".message-text");
  for (const { text, has } of [
    { text: "**bold** *italic* ~~gone~~ `code`", has: { strong: "bold", em: "italic", s: "gone", code: "code" } },
    { text: "> wise words", has: { blockquote: "wise words" } },
    { text: "- milk\n- bread", has: { "ul > li:nth-child(2)": "bread" } },
    { text: "1. first\n2. second", has: { "ol > li:nth-child(1)": "first" } },
    { text: "```rust\nlet a = \"<b>\";\n```", has: { "pre code": 'let a = "<b>";' } },
  ]) {
    await alice.says(text);
    await expect(alice.room.messages.last()).toHaveAttribute("data-state", "sent");
    for (const [selector, inside] of Object.entries(has)) await expect(last.locator(selector)).toContainText(inside);
  }
  // The server renders the same HTML as the browser.
  const before = await written(bob);
  await bob.reloads();
  const after = await written(bob);
  expect(after).toEqual(before);
});

test("external links are isolated and room links stay in the page", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("kitchen");
  await bob.joins("general");
  await bob.says("See https://example.org/a?b=c, [here](https://example.net) or #kitchen, not [this](javascript:alert(1))");
  const text = alice.room.messages.last();
  const link = text.getByRole("link", { name: "https://example.org/a?b=c" });
  await expect(link).toHaveAttribute("href", "https://example.org/a?b=c");
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAttribute("rel", /noopener.*noreferrer/);
  await expect(text.getByRole("link", { name: "here" })).toHaveAttribute("href", "https://example.net");
  expect(await text.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")))).not.toContainEqual(
    expect.stringContaining("javascript"),
  );
  await text.getByRole("link", { name: "#kitchen" }).click();
  await alice.isIn("kitchen");
});

test("a link shows its host in every script", async ({ alice, bob }) => {
  await alice.joins("2024");
  await alice.joins("general");
  await bob.joins("general");
  const last = bob.room.messages.last();
  await alice.says("[good.example](https://evil.example) [https\\://good.example](https://evil.example/a)");
  const links = last.getByRole("link");
  await expect(links).toHaveText(["good.example (evil.example)", "https://evil.example/a"]);
  await alice.says("看这里https://example.com/a。谢谢 你好@bob你好 *强调*后 #2024");
  await expect(last.locator('a[href="https://example.com/a"]')).toHaveText("https://example.com/a");
  await expect(last.locator("a.mention-me")).toHaveText("@bob");
  await expect(last.locator("em")).toHaveText("强调");
  await expect(last.locator("a.room-mention")).toHaveText("#2024");
  // The server renders the same HTML as the browser.
  const before = await written(bob);
  await bob.reloads();
  expect(await written(bob)).toEqual(before);
});

for (const { how, narrow, options } of VARIANTS) {
  test(`a button copies code: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { ...options, permissions: ["clipboard-read", "clipboard-write"] });
    await alice.joins("general");
    await alice.says("```\nfirst line\n  second line\n```");
    await expect(alice.room.messages.last()).toHaveAttribute("data-state", "sent");
    await alice.room.messages.last().hover();
    await alice.room.messages.last().getByRole("button", { name: alice.words.copy, exact: true }).click();
    await expect.poll(() => alice.page.evaluate(() => navigator.clipboard.readText())).toBe("first line\n  second line");
  });

  test(`a mention leads to the member list: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bobby Tables", options);
    await alice.joins("general");
    await bob.joins("general");
    // Enough members that the list must scroll.
    for (const name of ["Abel", "Adam", "Anna"]) await (await person(name)).joins("general");
    const { people } = alice.room;
    await expect(people.persons).toHaveCount(5);
    await alice.page.setViewportSize({ width: alice.page.viewportSize()?.width ?? 0, height: 280 });
    await bob.says("Ask @bobby_tables or @nobody");
    await alice.seesSent("Ask @bobby_tables or @nobody");
    const address = alice.page.url();
    const text = alice.room.messages.last();
    const bobby = people.person("Bobby Tables");

    await text.getByRole("link", { name: "@bobby_tables" }).click();
    await expect(people.aside).toBeVisible();
    await expect(bobby).toBeFocused();
    await expect(bobby).toBeInViewport({ ratio: 1 });
    expect(alice.page.url()).toBe(address);
    await people.aside.evaluate((list) => list.scrollTo(0, 0));
    await expect(bobby).not.toBeInViewport({ ratio: 1 });
    if (narrow) {
      // Back to the message.
      await alice.page.keyboard.press("Escape");
      await expect(people.aside).toBeHidden();
    }
    // The Enter key on the name has the same effect as a click.
    await text.getByRole("link", { name: "@bobby_tables" }).focus();
    await alice.page.keyboard.press("Enter");
    await expect(bobby).toBeFocused();
    await expect(bobby).toBeInViewport({ ratio: 1 });
    if (narrow) await alice.page.keyboard.press("Escape");
    // For a user who is not listed, only the list is opened.
    await text.getByRole("link", { name: "@nobody" }).click();
    await expect(people.aside).toBeVisible();
    await expect(people.persons.and(alice.page.locator(":focus"))).toHaveCount(0);
  });

  test(`names, rooms and emoji are completed while typing: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bobby Tables", options);
    await alice.joins("garden");
    await alice.joins("general");
    await bob.joins("general");
    const { composer } = alice.room;
    await composer.pressSequentially("Hello @bob");
    await expect(alice.page.getByRole("option").first()).toContainText("Bobby Tables");
    await composer.press("Enter");
    await expect(composer).toHaveValue(/^Hello @\S*Bobby\S* $/i);
    await expect(alice.page.getByRole("option")).toHaveCount(0);
    await composer.pressSequentially("come to #gar");
    await expect(alice.page.getByRole("option").first()).toContainText("garden");
    await composer.press("Tab");
    await expect(composer).toHaveValue(/#garden $/);
    // Esc closes the suggestions and keeps the text.
    await composer.pressSequentially("@al");
    await expect(alice.page.getByRole("option").first()).toBeVisible();
    await composer.press("Escape");
    await expect(alice.page.getByRole("option")).toHaveCount(0);
    await expect(composer).toHaveValue(/@al$/);
    await composer.press("Enter");
    await expect(bob.room.messages.last().locator("a.mention-me")).toContainText("Bobby");
    await expect(bob.room.messages.last().locator("a.room-mention")).toHaveText("#garden");
  });
}

test("messages of emoji only are large", async ({ alice }) => {
  await alice.joins("general");
  await alice.says("👍🏽 ❤️");
  await alice.says("👍🏽 yes");
  const size = (index: number) =>
    alice.room.messages.nth(index).locator(".message-text").evaluate((text) => {
      const inner = text.querySelector("p") ?? text;
      return Number.parseFloat(getComputedStyle(inner).fontSize);
    });
  expect(await size(0)).toBeGreaterThan(1.5 * (await size(1)));
});

test("no text blocks the page", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  const nasty = [
    "*".repeat(4000),
    "[".repeat(4000),
    "> ".repeat(2000),
    "`*_~[](".repeat(571),
    "- ".repeat(2000),
    "**a ".repeat(1000),
    "a@b #c ".repeat(571).trim(),
    "\u202e\u2066".repeat(1999) + "x",
  ];
  for (const text of nasty) {
    await alice.says(text);
    await expect(alice.room.messages.last()).toHaveAttribute("data-state", "sent");
  }
  await expect(bob.room.messages).toHaveCount(nasty.length);
  // The page still responds at once.
  await bob.says("Still here");
  await alice.seesSent("Still here");
  await bob.reloads();
  await expect(bob.room.messages).toHaveCount(nasty.length + 1);
});
