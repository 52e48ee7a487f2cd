import { expect, test } from "../support/test";

test("chatting works by keyboard alone", async ({ alice, bob }) => {
  await bob.joins("general");
  await alice.landing.open();
  await expect(alice.landing.name).toBeFocused();
  await alice.page.keyboard.type("Alice");
  await alice.page.keyboard.press("Tab");
  await expect(alice.landing.room).toBeFocused();
  await alice.page.keyboard.type("general");
  await alice.page.keyboard.press("Enter");
  await alice.isIn("general");

  await alice.room.composer.focus();
  await alice.page.keyboard.type("first line");
  await alice.page.keyboard.press("Shift+Enter");
  await alice.page.keyboard.type("second line");
  await expect(alice.room.composer).toHaveValue("first line\nsecond line");
  await alice.page.keyboard.press("Enter");
  await expect(alice.room.composer).toHaveValue("");
  await expect(alice.room.composer).toBeFocused();
  await bob.seesExactly(["first line\nsecond line"]);
});

test("typing anywhere on the page goes to the composer", async ({ alice }) => {
  await alice.joins("general");
  await alice.page.locator("body").click({ position: { x: 5, y: 400 } });
  await alice.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await expect(alice.room.composer).not.toBeFocused();
  await alice.page.keyboard.type("hello");
  await expect(alice.room.composer).toBeFocused();
  await expect(alice.room.composer).toHaveValue("hello");
  // Shortcuts with a modifier key are not typing.
  await alice.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await alice.page.keyboard.press("Control+b");
  await expect(alice.room.composer).not.toBeFocused();
  await expect(alice.room.composer).toHaveValue("hello");
});

test("Enter in an input method does not send", async ({ alice }) => {
  await alice.joins("general");
  await alice.room.composer.focus();
  const browser = await alice.page.context().newCDPSession(alice.page);
  await browser.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 });
  // During composition, browsers report key code 229.
  await browser.send("Input.dispatchKeyEvent", {
    type: "rawKeyDown",
    key: "Process",
    code: "Enter",
    windowsVirtualKeyCode: 229,
  });
  await expect(alice.room.messages).toHaveCount(0);
  await browser.send("Input.insertText", { text: "日本" });
  await expect(alice.room.composer).toHaveValue("日本");
  await alice.room.composer.press("Enter");
  await alice.seesSent("日本");
});

test("an empty message is not sent", async ({ alice }) => {
  await alice.joins("general");
  await alice.room.composer.press("Enter");
  await alice.room.composer.fill("  \n ");
  await alice.room.composer.press("Enter");
  await alice.says("Something");
  await alice.seesExactly(["Something"]);
});

test("the button sends", async ({ alice }) => {
  await alice.joins("general");
  await alice.room.composer.fill("By the button");
  await alice.room.send.click();
  await alice.seesSent("By the button");
  await expect(alice.room.composer).toHaveValue("");
});

test("a message over the limit is refused and kept; one at the limit is sent", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  const limit = "я".repeat(4000);
  await alice.room.composer.fill(`${limit}!`);
  await alice.room.composer.press("Enter");
  await expect(alice.page.getByText(/too (many|long)/).first()).toBeVisible();
  await expect(alice.room.composer).toHaveValue(`${limit}!`);
  await expect(alice.room.messages).toHaveCount(0);
  await alice.says(limit);
  await alice.seesExactly([limit]);
  await bob.seesExactly([limit]);
});

test("a draft survives a reload in its room only", async ({ alice }) => {
  await alice.joins("general");
  await alice.room.composer.pressSequentially("I was about to say");
  await alice.reloads();
  await expect(alice.room.composer).toHaveValue("I was about to say");
  await alice.opens("/rooms/elsewhere");
  await expect(alice.room.composer).toHaveValue("");
  await alice.opens("/rooms/general");
  await expect(alice.room.composer).toHaveValue("I was about to say");
  await alice.room.composer.press("Enter");
  await alice.seesSent("I was about to say");
  await alice.reloads();
  await expect(alice.room.composer).toHaveValue("");
});

test("text that looks like markup is shown as text", async ({ alice, bob, person }) => {
  await alice.joins("general");
  await bob.joins("general");
  const hostile = [
    "<script>document.title = 'stolen'</script>",
    "</textarea><script>document.title = 'stolen'</script>",
    "<img src=x onerror=\"document.title = 'stolen'\">",
    "</script><script>document.title = 'stolen'</script>",
    "&lt;b&gt; &amp; <!-- --> ]]> \u2028 ${1} {{x}} \\u0000",
    "\u202Eevil\u202C",
  ];
  for (const text of hostile) {
    await alice.says(text);
    await expect(alice.room.messages.last()).toHaveAttribute("data-state", "sent");
  }
  await alice.seesExactly(hostile);
  await bob.seesExactly(hostile);
  // The page that the server renders shows these texts unchanged too, before and after hydration.
  const carol = await person("<b>Carol</b>");
  await carol.joins("general");
  await carol.seesExactly(hostile);
  await expect(carol.room.people.aside).toContainText("<b>Carol</b>");
  for (const user of [alice, bob, carol]) expect(await user.page.title()).not.toBe("stolen");
});
