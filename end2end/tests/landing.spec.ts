import { Account } from "../pages/account";
import { flood } from "../support/flood";
import { expect, test } from "../support/test";
import { VARIANTS } from "../support/variants";

/** An error is shown beside its field, and is its accessible description. */
for (const { what, name, room, field, says } of [
  { what: "no name", name: "", room: "general", field: "name", says: "Enter a name." },
  { what: "a name of white space", name: "   ", room: "general", field: "name", says: "Enter a name." },
  { what: "a name too long", name: "n".repeat(33), room: "general", field: "name", says: "at most 32 characters" },
  { what: "a reserved name", name: "system", room: "general", field: "name", says: "cannot be used" },
  { what: "a name that hides", name: "Ali\u200bce", room: "general", field: "name", says: "invisible" },
  { what: "no room", name: "Alice", room: "", field: "room", says: "Enter a room name" },
  { what: "a room with a space", name: "Alice", room: "living room", field: "room", says: "only the letters" },
  { what: "a room that climbs", name: "Alice", room: "../etc", field: "room", says: "only the letters" },
  { what: "a room too long", name: "Alice", room: "r".repeat(65), field: "room", says: "at most 64 characters" },
] as const) {
  test(`the landing page refuses ${what} and keeps the input`, async ({ alice }) => {
    await alice.landing.open();
    await alice.landing.fill(name, room);
    const answer = alice.page.waitForResponse((response) => response.url().endsWith("/join_chat"));
    await alice.landing.join.click();
    expect((await answer).status()).toBe(422);
    await expect(alice.landing.problem).toContainText(says);
    await expect(alice.landing.name).toHaveValue(name);
    await expect(alice.landing.room).toHaveValue(room);
    const [wrong, right] =
      field === "name" ? [alice.landing.name, alice.landing.room] : [alice.landing.room, alice.landing.name];
    await expect(wrong).toHaveAttribute("aria-invalid", "true");
    await expect(wrong).toHaveAccessibleDescription((await alice.landing.problem.textContent())?.trim() ?? "");
    await expect(right).not.toHaveAttribute("aria-invalid", "true");
    await expect(wrong).toBeFocused();

    await alice.landing.enter("Alice", "general");
    await alice.isIn("general");
  });
}

test("names and rooms at their limits are accepted", async ({ person }) => {
  const name = "Ж".repeat(32);
  const room = "r".repeat(64);
  const somebody = await person(name);
  await somebody.joins(room);
  await somebody.says("Here");
  await somebody.seesSent("Here");
  await expect(somebody.room.people.aside).toContainText(name);
});

test("the landing page remembers the name", async ({ alice }) => {
  await alice.joins("general");
  await alice.landing.open();
  await expect(alice.landing.name).toHaveValue("Alice");
});

test("the start address opens the room that was active last", async ({ alice }) => {
  await alice.joins("general");
  await alice.says("First");
  await alice.joins("kitchen");
  await alice.says("Last");
  await alice.seesSent("Last");
  await alice.page.goto(alice.landing.address);
  await alice.isIn("kitchen");
});

for (const { how, options, words } of VARIANTS) {
  test(`a visitor can read a room before joining with a name: ${how}`, async ({ alice, person }) => {
    await alice.joins("general");
    await alice.says("Come in");
    await alice.seesSent("Come in");
    const visitor = await person("Vera", options);
    await visitor.page.goto(new URL("/rooms/general", visitor.landing.address).href);
    await visitor.seesSent("Come in");
    await expect(visitor.landing.name).toBeFocused();
    await expect(visitor.room.composer).toHaveCount(0);
    // The visitor is not a member before submitting the form.
    await expect(alice.room.people.persons).toHaveCount(1);
    await visitor.landing.name.fill("Vera");
    await visitor.landing.join.click();
    await visitor.isIn("general");
    await alice.room.people.shows("Vera", "online");
    await visitor.says("Thank you");
    await alice.seesSent("Thank you");
    await visitor.reloads();
    await expect(visitor.room.rows("Thank you")).toHaveClass(/message-own/);
    await expect(visitor.page.getByRole("button", { name: words.join, exact: true })).toHaveCount(0);
  });
}

test("a link to a message is followed after entering a name", async ({ alice, person }) => {
  await alice.joins("general");
  await flood(alice, "general", "line", 120);
  const visitor = await person("Vera");
  await visitor.page.goto(new URL("/rooms/general?at=31", visitor.landing.address).href);
  await expect(visitor.room.messages.first()).toBeAttached();
  await visitor.landing.name.fill("Vera");
  await visitor.landing.join.click();
  await expect(visitor.page).toHaveURL(/\/rooms\/general\?at=31$/);
  await expect(visitor.room.found).toBeInViewport();
});

test("an invalid name is refused and the room is kept", async ({ person }) => {
  const visitor = await person("Vera");
  await visitor.page.goto(new URL("/rooms/general", visitor.landing.address).href);
  await visitor.landing.name.fill("system");
  await visitor.landing.join.click();
  await expect(visitor.landing.problem).toContainText("cannot be used");
  await expect(visitor.landing.room).toHaveValue("general");
  await visitor.landing.name.fill("Vera");
  await visitor.landing.join.click();
  await visitor.isIn("general");
});

test("a visitor is asked for a name without JavaScript", async ({ person }) => {
  const carol = await person("Carol", { javaScriptEnabled: false });
  await carol.page.goto(new URL("/rooms/general", carol.landing.address).href);
  await carol.landing.asGuest.click();
  await expect(carol.page).toHaveURL(/\/rooms\/general$/);
  await carol.room.composer.fill("Without a name");
  await carol.room.send.click();
  await carol.seesSent("Without a name");
});

test("leaving the last room, and registering without one, lead to the open rooms", async ({ alice, bob, person, server }) => {
  await bob.joins("kitchen");
  await bob.says("Hungry?");
  await bob.seesSent("Hungry?");
  await alice.joins("garden");
  await alice.dialogs.openLeave();
  await alice.dialogs.dialog.getByRole("button", { name: alice.words.leave }).click();
  await expect(alice.landing.name).toHaveValue("Alice");
  await expect(alice.landing.openRooms.first()).toContainText("kitchen");

  const carol = await person("Carol");
  await new Account(carol.page, server.url).register("Carol", "violets are blue");
  await expect(carol.landing.openRooms.first()).toContainText("kitchen");
  await carol.landing.openRooms.first().getByRole("link").click();
  await carol.landing.join.click();
  await carol.isIn("kitchen");
});

for (const { how, options, words } of VARIANTS) {
  test(`a visitor chooses from the public rooms: ${how}`, async ({ alice, person }) => {
    const visitor = await person("Vera", options);
    await visitor.page.goto(visitor.landing.address);
    await expect(visitor.landing.openRooms).toHaveCount(0);
    await alice.joins("kitchen");
    await alice.dialogs.setsTopic("Soup & bread");
    await alice.says("Hungry?");
    await alice.seesSent("Hungry?");
    await alice.joins("garden");
    await alice.says("Sunny");
    await alice.seesSent("Sunny");
    await visitor.page.reload();
    await expect(visitor.landing.openRooms).toHaveCount(2);
    await expect(visitor.landing.openRooms.first()).toContainText("garden");
    await expect(visitor.landing.openRooms.last()).toContainText("Soup & bread");
    await expect(visitor.landing.openRooms.last()).toContainText(/1 (member|участник)/);
    await visitor.landing.openRooms.last().getByRole("link").click();
    await expect(visitor.landing.room).toHaveValue("kitchen");
    await visitor.landing.name.fill("Vera");
    await visitor.landing.join.click();
    await visitor.isIn("kitchen");
    expect(words.join).not.toBe(words.signIn);
  });

  test(`joining and signing in have different labels: ${how}`, async ({ person }) => {
    const visitor = await person("Vera", options);
    await visitor.page.goto(visitor.landing.address);
    const said = async () => (await visitor.page.locator("button[type=submit], main a").allTextContents()).map((text) => text.trim());
    const here = await said();
    expect(new Set(here).size).toBe(here.length);
    await visitor.page.goto(new URL("/sign-in", visitor.landing.address).href);
    const there = await said();
    expect(there).toContain(words.signIn);
    expect(there).not.toContain(words.join);
    expect(here).toContain(words.join);
  });
}

test("a guest without a name gets a generated one", async ({ person }) => {
  const visitor = await person("Visitor");
  await visitor.page.goto(new URL("/rooms/general", visitor.landing.address).href);
  await visitor.landing.asGuest.click();
  await visitor.isIn("general");
  await expect(visitor.room.people.aside).toContainText(/user_[a-z]{6}\d\d/);
  await visitor.says("Hello from a link");
  await visitor.seesSent("Hello from a link");
  await visitor.reloads();
  await visitor.seesSent("Hello from a link");
  await expect(visitor.room.rows("Hello from a link")).toHaveClass(/message-own/);
});

test("an invalid room address shows the reason and a link back", async ({ alice }) => {
  const faults = /status of 404/;
  const answer = await alice.page.request.get(new URL("/rooms/living%20room", alice.landing.address).href);
  expect(answer.status()).toBe(404);
  const html = await answer.text();
  expect(html).toContain("only the letters");
  expect(html).toContain('href="/"');
  expect(html).not.toMatch(faults);
});

test("all pages are in Russian for a Russian browser", async ({ person }) => {
  const ivan = await person("Иван", { locale: "ru-RU" });
  await ivan.page.goto(ivan.landing.address);
  await expect(ivan.page.locator("html")).toHaveAttribute("lang", "ru");
  await ivan.page.getByRole("textbox", { name: "Ваше имя" }).fill("Иван");
  await ivan.page.getByRole("textbox", { name: "Комната" }).fill("living room");
  await ivan.page.getByRole("button", { name: "Присоединиться" }).click();
  await expect(ivan.page.getByRole("alert")).toContainText("только латинские буквы");
  await ivan.page.getByRole("textbox", { name: "Комната" }).fill("general");
  await ivan.page.getByRole("button", { name: "Присоединиться" }).click();
  await ivan.isIn("general");
  await expect(ivan.page.locator("html")).toHaveAttribute("lang", "ru");
  await ivan.page.getByRole("textbox", { name: "Сообщение", exact: true }).fill("Привет!");
  await ivan.page.getByRole("button", { name: "Отправить" }).click();
  await expect(ivan.page.getByRole("log", { name: "Сообщения" })).toContainText("Привет!");
  await expect(ivan.page.getByRole("complementary", { name: "Участники" })).toContainText("Иван");
});

test("a selected language is kept", async ({ alice }) => {
  await alice.landing.open();
  await alice.page.getByRole("button", { name: "Русский" }).click();
  await expect(alice.page.getByRole("textbox", { name: "Ваше имя" })).toBeVisible();
  await alice.page.goto(new URL("/rooms/general", alice.landing.address).href);
  await alice.page.getByRole("button", { name: "Продолжить как гость" }).click();
  await alice.room.isAlive();
  await expect(alice.page.getByRole("textbox", { name: "Сообщение", exact: true })).toBeVisible();
  await alice.page.goto(new URL("/?room=", alice.landing.address).href);
  await alice.page.getByRole("button", { name: "English" }).click();
  await expect(alice.landing.name).toBeVisible();
});
