import { expect, test } from "../support/test";

/** What is wrong stands beside its field, and assistive technology hears it with the field. */
for (const { what, name, room, field, says } of [
  { what: "no name", name: "", room: "general", field: "name", says: "Say what you want to be called." },
  { what: "a name of white space", name: "   ", room: "general", field: "name", says: "Say what you want to be called." },
  { what: "a name too long", name: "n".repeat(33), room: "general", field: "name", says: "at most 32 characters" },
  { what: "a reserved name", name: "system", room: "general", field: "name", says: "another name" },
  { what: "a name that hides", name: "Ali\u200bce", room: "general", field: "name", says: "invisible" },
  { what: "no room", name: "Alice", room: "", field: "room", says: "which room" },
  { what: "a room with a space", name: "Alice", room: "living room", field: "room", says: "only the letters" },
  { what: "a room that climbs", name: "Alice", room: "../etc", field: "room", says: "only the letters" },
  { what: "a room too long", name: "Alice", room: "r".repeat(65), field: "room", says: "at most 64 characters" },
] as const) {
  test(`the entrance refuses ${what}, and keeps what was written`, async ({ alice }) => {
    await alice.entrance.open();
    await alice.entrance.fill(name, room);
    const answer = alice.page.waitForResponse((response) => response.url().endsWith("/join_chat"));
    await alice.entrance.join.click();
    expect((await answer).status()).toBe(422);
    await expect(alice.entrance.problem).toContainText(says);
    await expect(alice.entrance.name).toHaveValue(name);
    await expect(alice.entrance.room).toHaveValue(room);
    const [wrong, right] =
      field === "name" ? [alice.entrance.name, alice.entrance.room] : [alice.entrance.room, alice.entrance.name];
    await expect(wrong).toHaveAttribute("aria-invalid", "true");
    await expect(wrong).toHaveAccessibleDescription((await alice.entrance.problem.textContent())?.trim() ?? "");
    await expect(right).not.toHaveAttribute("aria-invalid", "true");
    await expect(wrong).toBeFocused();

    await alice.entrance.enter("Alice", "general");
    await alice.isIn("general");
  });
}

test("names and rooms at their limits are fine", async ({ person }) => {
  const name = "Ж".repeat(32);
  const room = "r".repeat(64);
  const somebody = await person(name);
  await somebody.joins(room);
  await somebody.says("Here");
  await somebody.seesSent("Here");
  await expect(somebody.room.people.aside).toContainText(name);
});

test("the entrance remembers the name", async ({ alice }) => {
  await alice.joins("general");
  await alice.entrance.open();
  await expect(alice.entrance.name).toHaveValue("Alice");
});

test("the address alone leads a person who returns to the room that was active last", async ({ alice }) => {
  await alice.joins("general");
  await alice.says("First");
  await alice.joins("kitchen");
  await alice.says("Last");
  await alice.seesSent("Last");
  await alice.page.goto(alice.entrance.address);
  await alice.isIn("kitchen");
});

test("a link leads into a room, and the visitor has a name", async ({ person }) => {
  const visitor = await person("Visitor");
  await visitor.opens("/rooms/general");
  await expect(visitor.room.people.aside).toContainText(/user_[a-z]{6}\d\d/);
  await visitor.says("Hello from a link");
  await visitor.seesSent("Hello from a link");
  await visitor.reloads();
  await visitor.seesSent("Hello from a link");
  await expect(visitor.room.rows("Hello from a link")).toHaveClass(/message-own/);
});

test("an address that cannot be a room says why and leads back", async ({ alice }) => {
  const faults = /status of 404/;
  const answer = await alice.page.request.get(new URL("/rooms/living%20room", alice.entrance.address).href);
  expect(answer.status()).toBe(404);
  const html = await answer.text();
  expect(html).toContain("only the letters");
  expect(html).toContain('href="/"');
  expect(html).not.toMatch(faults);
});

test("Russian for a Russian browser, on every page", async ({ person }) => {
  const ivan = await person("Иван", { locale: "ru-RU" });
  await ivan.page.goto(ivan.entrance.address);
  await expect(ivan.page.locator("html")).toHaveAttribute("lang", "ru");
  await ivan.page.getByRole("textbox", { name: "Ваше имя" }).fill("Иван");
  await ivan.page.getByRole("textbox", { name: "Комната" }).fill("living room");
  await ivan.page.getByRole("button", { name: "Войти" }).click();
  await expect(ivan.page.getByRole("alert")).toContainText("только латинские буквы");
  await ivan.page.getByRole("textbox", { name: "Комната" }).fill("general");
  await ivan.page.getByRole("button", { name: "Войти" }).click();
  await ivan.isIn("general");
  await expect(ivan.page.locator("html")).toHaveAttribute("lang", "ru");
  await ivan.page.getByRole("textbox", { name: "Сообщение", exact: true }).fill("Привет!");
  await ivan.page.getByRole("button", { name: "Отправить" }).click();
  await expect(ivan.page.getByRole("log", { name: "Сообщения" })).toContainText("Привет!");
  await expect(ivan.page.getByRole("complementary", { name: "Люди" })).toContainText("Иван");
});

test("the language is switched by hand, and stays", async ({ alice }) => {
  await alice.entrance.open();
  await alice.page.getByRole("button", { name: "Русский" }).click();
  await expect(alice.page.getByRole("textbox", { name: "Ваше имя" })).toBeVisible();
  await alice.page.goto(new URL("/rooms/general", alice.entrance.address).href);
  await alice.room.isAlive();
  await expect(alice.page.getByRole("textbox", { name: "Сообщение", exact: true })).toBeVisible();
  await alice.page.goto(new URL("/?room=", alice.entrance.address).href);
  await alice.page.getByRole("button", { name: "English" }).click();
  await expect(alice.entrance.name).toBeVisible();
});
